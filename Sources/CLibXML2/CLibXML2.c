#include "CLibXML2.h"
#include "scan.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/encoding.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>

// MARK: - The reader's state

enum { no_record = UINT32_MAX };

struct open_element {
  uint32_t start;  // index of its record
  bool has_child;
};

struct slot {
  const xmlChar *key;  // interned by libxml2: equal names have equal addresses. NULL in all between two documents
  uint32_t name;
};

struct buffer {
  void *bytes;
  size_t size;
};

// What a thread keeps from one document for the next: most are small, and need no call for memory then.
enum { buffer_count = 7, kept_size = 64 << 10, kept_names = 1000 };
struct scratch {
  union {
    struct {
      struct buffer words, text, names, name_text, open, slots, places;
    };
    struct buffer all[buffer_count];
  };
  // The names that it has seen are known to it already.
  xmlParserCtxtPtr context;
};

struct reader {
  struct xml_tape *tape;
  const struct xml_limits *limits;
  struct scratch *scratch;
  xmlParserCtxtPtr context;
  uint32_t last_text;  // index of the last record, if it is text
  uint32_t first_line;
  uint32_t element_count;
  uint32_t depth;
  struct open_element *open;
  struct slot *slots;  // a power of two of them, more than the limit of names twice over
  uint32_t *places;    // of each name, its slot
  uint32_t slot_mask;
};

// Keeps the first failure. The parser goes on by itself to its end, and nothing more comes onto the tape.
static void note(struct reader *reader, enum xml_failure failure, const char *message) {
  struct xml_tape *tape = reader->tape;
  if (tape->failure != xml_no_failure) return;
  tape->failure = failure;
  if (reader->context != NULL && reader->context->input != NULL) {
    tape->line = (uint32_t)reader->context->input->line;
    tape->column = (uint32_t)reader->context->input->col;
  }
  if (message != NULL) strncpy(tape->message, message, sizeof(tape->message) - 1);
}

// For the events of a document: there the parser may be stopped. Its input is gone then, so not where it reports an
// error, for it may be about to use it.
static void fail(struct reader *reader, enum xml_failure failure, const char *message) {
  note(reader, failure, message);
  if (reader->context != NULL) xmlStopParser(reader->context);
}

static bool grow(struct reader *reader, struct buffer *buffer, size_t needed) {
  if (needed <= buffer->size) return true;
  size_t larger = buffer->size * 2 > needed ? buffer->size * 2 : needed;
  void *moved = realloc(buffer->bytes, larger);
  if (moved == NULL) {
    fail(reader, xml_out_of_memory, NULL);
    return false;
  }
  *buffer = (struct buffer){.bytes = moved, .size = larger};
  return true;
}

// Room for `count` more words, or NULL.
static uint32_t *add_words(struct reader *reader, size_t count) {
  struct xml_tape *tape = reader->tape;
  struct buffer *words = &reader->scratch->words;
  if (!grow(reader, words, (tape->word_count + count) * sizeof(uint32_t))) return NULL;
  tape->words = words->bytes;
  uint32_t *added = tape->words + tape->word_count;
  tape->word_count += count;
  return added;
}

static bool add_text(struct reader *reader, const xmlChar *text, size_t count) {
  struct xml_tape *tape = reader->tape;
  if (!grow(reader, &reader->scratch->text, tape->text_count + count)) return false;
  tape->text = reader->scratch->text.bytes;
  memcpy(tape->text + tape->text_count, text, count);
  tape->text_count += count;
  return true;
}

// The number of a name plus one; 0 for none, and where there is no room.
static uint32_t name_number(struct reader *reader, const xmlChar *name) {
  if (name == NULL) return 0;
  struct xml_tape *tape = reader->tape;
  uint32_t place = (uint32_t)(((uintptr_t)name >> 1) * 2654435761u) & reader->slot_mask;
  while (reader->slots[place].key != NULL) {
    if (reader->slots[place].key == name) return reader->slots[place].name + 1;
    place = (place + 1) & reader->slot_mask;
  }
  if (tape->name_count >= reader->limits->names) {
    fail(reader, xml_too_many_names, NULL);
    return 0;
  }
  size_t count = strlen((const char *)name);
  if (!grow(reader, &reader->scratch->name_text, tape->name_text_count + count)) return 0;
  tape->name_text = reader->scratch->name_text.bytes;
  memcpy(tape->name_text + tape->name_text_count, name, count);
  uint32_t number = (uint32_t)tape->name_count;
  tape->names[2 * number] = (uint32_t)tape->name_text_count;
  tape->names[2 * number + 1] = (uint32_t)count;
  tape->name_text_count += count;
  tape->name_count += 1;
  reader->slots[place] = (struct slot){.key = name, .name = number};
  reader->places[number] = place;
  return number + 1;
}

// Takes the last record back if it is text and only white space.
static void drop_white_space(struct reader *reader) {
  struct xml_tape *tape = reader->tape;
  if (reader->last_text == no_record) return;
  uint32_t offset = tape->words[reader->last_text + 1];
  for (size_t place = offset; place < tape->text_count; place++) {
    uint8_t byte = tape->text[place];
    if (byte != ' ' && byte != '\n' && byte != '\t' && byte != '\r') return;
  }
  tape->text_count = offset;
  tape->word_count = reader->last_text;
  reader->last_text = no_record;
}

// MARK: - What libxml2 tells

static void start_document(void *data) {
  struct reader *reader = data;
  const char *declared = (const char *)reader->context->input->encoding;
  if (declared == NULL) declared = (const char *)reader->context->encoding;
  if (declared != NULL && !is_known_encoding(declared)) fail(reader, xml_unknown_encoding, declared);
}

static void document_type(void *data, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
  fail(data, xml_document_type, NULL);
}

static void start_element(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                          int declaration_count, const xmlChar **declarations, int attribute_count,
                          int defaulted_count, const xmlChar **attributes) {
  struct reader *reader = data;
  struct xml_tape *tape = reader->tape;
  if (tape->failure != xml_no_failure) return;
  if (reader->depth >= reader->limits->depth) return fail(reader, xml_too_deep, NULL);
  if (reader->element_count >= reader->limits->elements) return fail(reader, xml_too_many_elements, NULL);
  if ((uint32_t)attribute_count + (uint32_t)declaration_count > reader->limits->attributes) {
    return fail(reader, xml_too_many_attributes, NULL);
  }

  drop_white_space(reader);
  reader->last_text = no_record;
  if (reader->depth > 0) reader->open[reader->depth - 1].has_child = true;
  reader->open[reader->depth] = (struct open_element){.start = (uint32_t)tape->word_count, .has_child = false};
  reader->depth += 1;
  reader->element_count += 1;

  uint32_t *words = add_words(
      reader, xml_start_words + (size_t)attribute_count * xml_attribute_words + (size_t)declaration_count);
  if (words == NULL) return;
  words[0] = xml_record_start;
  words[1] = 0;
  words[2] = name_number(reader, local) - 1;
  words[3] = name_number(reader, prefix);
  words[4] = name_number(reader, uri);
  words[5] = (uint32_t)reader->context->input->line;
  words[6] = (uint32_t)attribute_count;
  words[7] = (uint32_t)declaration_count;
  words += xml_start_words;
  for (int number = 0; number < attribute_count; number++, words += xml_attribute_words) {
    const xmlChar **attribute = attributes + number * 5;
    size_t count = (size_t)(attribute[4] - attribute[3]);
    words[0] = name_number(reader, attribute[0]) - 1;
    words[1] = name_number(reader, attribute[1]);
    words[2] = name_number(reader, attribute[2]);
    words[3] = (uint32_t)tape->text_count;
    words[4] = (uint32_t)count;
    // Where there was no room for a name, the parser was stopped, and what it read is freed: the value too.
    if (tape->failure != xml_no_failure) return;
    if (!add_text(reader, attribute[3], count)) return;
  }
  for (int number = 0; number < declaration_count; number++) {
    words[number] = name_number(reader, declarations[number * 2 + 1]);
  }
}

static void end_element(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri) {
  struct reader *reader = data;
  if (reader->tape->failure != xml_no_failure || reader->depth == 0) return;
  struct open_element element = reader->open[reader->depth - 1];
  if (element.has_child) drop_white_space(reader);
  reader->last_text = no_record;
  reader->depth -= 1;
  uint32_t *words = add_words(reader, xml_end_words);
  if (words == NULL) return;
  words[0] = xml_record_end;
  reader->tape->words[element.start + 1] = (uint32_t)(reader->tape->word_count - xml_end_words);
}

static void characters(void *data, const xmlChar *text, int count) {
  struct reader *reader = data;
  struct xml_tape *tape = reader->tape;
  if (tape->failure != xml_no_failure || reader->depth == 0 || count <= 0) return;
  uint32_t offset = (uint32_t)tape->text_count;
  if (!add_text(reader, text, (size_t)count)) return;
  if (reader->last_text != no_record) {
    tape->words[reader->last_text + 2] += (uint32_t)count;
    return;
  }
  uint32_t *words = add_words(reader, xml_text_words);
  if (words == NULL) return;
  reader->last_text = (uint32_t)(tape->word_count - xml_text_words);
  words[0] = xml_record_text;
  words[1] = offset;
  words[2] = (uint32_t)count;
}

static enum xml_failure failure_of(int code) {
  switch (code) {
    case XML_ERR_NO_MEMORY: return xml_out_of_memory;
    case XML_ERR_UNDECLARED_ENTITY:
    case XML_WAR_UNDECLARED_ENTITY: return xml_undefined_entity;
    case XML_ERR_INVALID_CHAR:
    case XML_ERR_INVALID_CHARREF: return xml_illegal_character;
    case XML_ERR_INVALID_ENCODING:
    case XML_I18N_CONV_FAILED:
    case XML_IO_ENCODER: return xml_wrong_encoding;
    case XML_ERR_UNKNOWN_ENCODING:
    case XML_ERR_UNSUPPORTED_ENCODING: return xml_unknown_encoding;
    default: return xml_malformed;
  }
}

// Keeps the first error. A prefix without its declaration is not fatal, and let pass: many CPEs forget it.
static void error(void *data, xmlErrorPtr error) {
  struct reader *reader = data;
  struct xml_tape *tape = reader->tape;
  if (tape->failure != xml_no_failure) return;
  enum xml_failure failure = failure_of(error->code);
  bool is_encoding = failure == xml_unknown_encoding || failure == xml_wrong_encoding;
  if (error->level != XML_ERR_FATAL && !is_encoding) return;
  xmlParserInputPtr input = reader->context != NULL ? reader->context->input : NULL;
  bool is_at_end = input != NULL && input->cur >= input->end;
  if (is_at_end && failure == xml_malformed) failure = xml_cut_short;
  // libxml2 has one code for both; of what is UTF-8, only U+FFFE and U+FFFF (EF BF ..) are no characters.
  if (failure == xml_illegal_character && !is_at_end && input != NULL && input->cur[0] >= 0x80 &&
      !(input->cur[0] == 0xEF && input->cur[1] == 0xBF)) {
    failure = xml_wrong_encoding;
  }
  bool is_named = failure == xml_unknown_encoding && error->str1 != NULL;
  note(reader, failure, is_named ? error->str1 : error->message);
  if (error->line > 0) tape->line = (uint32_t)error->line;
  tape->message[strcspn(tape->message, "\r\n")] = 0;
}

// libxml2 prints what nobody hears.
static void ignore(void *data, xmlErrorPtr error) {}

// MARK: - Reading

static void fail_at(struct reader *reader, enum xml_failure failure, const uint8_t *bytes, const uint8_t *place) {
  uint32_t line = reader->first_line;
  const uint8_t *line_start = bytes;
  for (const uint8_t *byte = bytes; byte < place; byte++) {
    if (*byte == '\n') {
      line += 1;
      line_start = byte + 1;
    }
  }
  fail(reader, failure, NULL);
  reader->tape->line = line;
  reader->tape->column = (uint32_t)(place - line_start) + 1;
}

static xmlSAXHandler handler;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t scratch_key;

static void free_scratch(void *data) {
  struct scratch *scratch = data;
  if (scratch->context != NULL) xmlFreeParserCtxt(scratch->context);
  for (int number = 0; number < buffer_count; number++) free(scratch->all[number].bytes);
  free(scratch);
}

// The thread's own, or NULL.
static struct scratch *find_scratch(void) {
  struct scratch *scratch = pthread_getspecific(scratch_key);
  if (scratch != NULL) return scratch;
  scratch = calloc(1, sizeof(*scratch));
  if (scratch == NULL || pthread_setspecific(scratch_key, scratch) == 0) return scratch;
  free(scratch);
  return NULL;
}

static void prepare(void) {
  xmlInitParser();
  if (pthread_key_create(&scratch_key, free_scratch) != 0) abort();
  handler = (xmlSAXHandler){
      .initialized = XML_SAX2_MAGIC,
      .startDocument = start_document,
      .internalSubset = document_type,
      .externalSubset = document_type,
      .startElementNs = start_element,
      .endElementNs = end_element,
      .characters = characters,
      .ignorableWhitespace = characters,
      .cdataBlock = characters,
      .serror = error,
  };
}

// The thread's own, ready to read the bytes; NULL where there is no memory.
static xmlParserCtxtPtr find_context(struct scratch *scratch, const uint8_t *bytes, size_t count) {
  if (scratch->context == NULL) scratch->context = xmlNewParserCtxt();
  xmlParserCtxtPtr context = scratch->context;
  if (context == NULL) return NULL;
  xmlParserInputBufferPtr buffer =
      xmlParserInputBufferCreateMem((const char *)bytes, (int)count, XML_CHAR_ENCODING_NONE);
  if (buffer == NULL) return NULL;
  xmlParserInputPtr input = xmlNewIOInputStream(context, buffer, XML_CHAR_ENCODING_NONE);
  if (input == NULL) {
    xmlFreeParserInputBuffer(buffer);
    return NULL;
  }
  if (inputPush(context, input) < 0) {
    xmlFreeInputStream(input);
    return NULL;
  }
  *context->sax = handler;
  return context;
}

// Keeps the context for the next document, unless it has seen so many names that others than CPEs must have sent them.
static void leave_context(struct reader *reader) {
  struct scratch *scratch = reader->scratch;
  reader->context = NULL;
  if (reader->tape->failure == xml_no_failure && xmlDictSize(scratch->context->dict) <= kept_names &&
      xmlDictGetUsage(scratch->context->dict) <= kept_size) {
    return xmlCtxtReset(scratch->context);
  }
  xmlFreeParserCtxt(scratch->context);
  scratch->context = NULL;
}

// Sets the options, and takes back those of the document before: until 2.13, libxml2 itself only adds to what is set, and
// xmlCtxtReset leaves them too.
static void set_options(xmlParserCtxtPtr context, int options) {
#if LIBXML_VERSION >= 21300
  xmlCtxtSetOptions(context, options);
#else
  context->options = 0;
  xmlCtxtUseOptions(context, options);
#endif
}

static void parse(struct reader *reader, const uint8_t *bytes, size_t count, const char *encoding) {
  xmlParserCtxtPtr context = find_context(reader->scratch, bytes, count);
  if (context == NULL) {
    fail(reader, xml_out_of_memory, NULL);
    return leave_context(reader);
  }
  reader->context = context;
  context->userData = reader;
  context->input->line = (int)reader->first_line;
  // NOENT: the predefined entities are resolved in attributes too. There are no others, for there is no document type.
  set_options(context, XML_PARSE_NONET | XML_PARSE_NOENT | (encoding != NULL ? XML_PARSE_IGNORE_ENC : 0));
  if (encoding != NULL && strcasecmp(encoding, "utf-8") != 0) {
    xmlCharEncodingHandlerPtr converter = xmlFindCharEncodingHandler(encoding);
    if (converter == NULL) {
      note(reader, xml_unknown_encoding, encoding);
    } else {
      xmlSwitchToEncoding(context, converter);
    }
  }
  if (reader->tape->failure == xml_no_failure) xmlParseDocument(context);
  if (reader->tape->failure == xml_no_failure && !context->wellFormed) note(reader, xml_malformed, NULL);
  if (context->myDoc != NULL) xmlFreeDoc(context->myDoc);
  context->myDoc = NULL;
  leave_context(reader);
}

static bool grow_slots(struct reader *reader, size_t needed) {
  struct buffer *slots = &reader->scratch->slots;
  if (needed <= slots->size) return true;
  if (!grow(reader, slots, needed)) return false;
  memset(slots->bytes, 0, slots->size);
  return true;
}

static void read_document(struct reader *reader, const uint8_t *bytes, size_t count, const char *encoding) {
  struct xml_tape *tape = reader->tape;
  for (; count > 0 && (*bytes == ' ' || *bytes == '\n' || *bytes == '\t' || *bytes == '\r'); bytes++, count--) {
    if (*bytes == '\n') reader->first_line += 1;
  }
  if (count == 0) return fail_at(reader, xml_cut_short, bytes, bytes);
  if (encoding != NULL && !is_known_encoding(encoding)) return fail(reader, xml_unknown_encoding, encoding);
  xmlCharEncoding detected = count >= 4 ? xmlDetectCharEncoding(bytes, 4) : XML_CHAR_ENCODING_NONE;
  if (detected != XML_CHAR_ENCODING_NONE && detected != XML_CHAR_ENCODING_UTF8) {
    const char *name = xmlGetCharEncodingName(detected);
    return fail(reader, xml_unknown_encoding, name != NULL ? name : "UCS-4");
  }
  const uint8_t *zero = memchr(bytes, 0, count);
  if (zero != NULL) return fail_at(reader, xml_illegal_character, bytes, zero);
  const uint8_t *where = bytes;
  enum xml_failure failure = scan_tags(bytes, count, reader->limits->attributes, &where);
  if (failure != xml_no_failure) return fail_at(reader, failure, bytes, where);

  uint32_t slot_count = 64;
  while (slot_count < 0x40000000u && slot_count / 2 <= reader->limits->names) slot_count *= 2;
  reader->slot_mask = slot_count - 1;
  struct scratch *scratch = reader->scratch;
  // A CWMP message of n bytes makes about n/5 words and n/2 bytes of text.
  if (!grow_slots(reader, slot_count * sizeof(struct slot)) ||
      !grow(reader, &scratch->places, ((size_t)reader->limits->names + 1) * sizeof(uint32_t)) ||
      !grow(reader, &scratch->open, ((size_t)reader->limits->depth + 1) * sizeof(struct open_element)) ||
      !grow(reader, &scratch->names, ((size_t)reader->limits->names + 1) * 2 * sizeof(uint32_t)) ||
      !grow(reader, &scratch->words, (count / 4 + 64) * sizeof(uint32_t)) ||
      !grow(reader, &scratch->text, count + 64) || !grow(reader, &scratch->name_text, 1024)) {
    return;
  }
  reader->slots = scratch->slots.bytes;
  reader->places = scratch->places.bytes;
  reader->open = scratch->open.bytes;
  tape->names = scratch->names.bytes;
  tape->words = scratch->words.bytes;
  tape->text = scratch->text.bytes;
  tape->name_text = scratch->name_text.bytes;
  // The converters of encodings know no parser, and speak through this handler of the thread.
  xmlSetStructuredErrorFunc(reader, error);
  parse(reader, bytes, count, encoding);
  xmlSetStructuredErrorFunc(NULL, ignore);
  for (size_t number = 0; number < tape->name_count; number++) reader->slots[reader->places[number]].key = NULL;
}

void xml_tape_read(struct xml_tape *tape, const uint8_t *bytes, size_t count, const char *encoding,
                   const struct xml_limits *limits) {
  memset(tape, 0, sizeof(*tape));
  struct reader reader = {.tape = tape, .limits = limits, .last_text = no_record, .first_line = 1};
  pthread_once(&once, prepare);
  if (count > 0x40000000u) return fail(&reader, xml_out_of_memory, NULL);
  reader.scratch = find_scratch();
  if (reader.scratch == NULL) return fail(&reader, xml_out_of_memory, NULL);
  read_document(&reader, bytes, count, encoding);
}

void xml_tape_free(struct xml_tape *tape) {
  memset(tape, 0, sizeof(*tape));
  struct scratch *scratch = pthread_getspecific(scratch_key);
  if (scratch == NULL) return;
  for (int number = 0; number < buffer_count; number++) {
    struct buffer *buffer = &scratch->all[number];
    if (buffer->size <= kept_size) continue;
    free(buffer->bytes);
    *buffer = (struct buffer){0};
  }
}
