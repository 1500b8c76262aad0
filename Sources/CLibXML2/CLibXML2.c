#define _GNU_SOURCE
#include "CLibXML2.h"

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
  const xmlChar *key;  // interned by libxml2: equal names have equal addresses
  uint32_t name;
};

struct reader {
  struct xml_tape *tape;
  const struct xml_limits *limits;
  xmlParserCtxtPtr context;
  size_t word_capacity, text_capacity, name_text_capacity;
  uint32_t last_text;  // index of the last record, if it is text
  uint32_t element_count;
  uint32_t depth;
  struct open_element *open;
  struct slot *slots;  // a power of two of them, more than twice the limit
  uint32_t slot_mask;
};

static void fail(struct reader *reader, enum xml_failure failure, const char *message) {
  struct xml_tape *tape = reader->tape;
  if (tape->failure == xml_no_failure) {
    tape->failure = failure;
    if (reader->context != NULL && reader->context->input != NULL) {
      tape->line = (uint32_t)reader->context->input->line;
      tape->column = (uint32_t)reader->context->input->col;
    }
    if (message != NULL) strncpy(tape->message, message, sizeof(tape->message) - 1);
  }
  if (reader->context != NULL) xmlStopParser(reader->context);
}

static bool grow(struct reader *reader, void **items, size_t *capacity, size_t needed, size_t item_size) {
  if (needed <= *capacity) return true;
  size_t larger = *capacity * 2 > needed ? *capacity * 2 : needed;
  void *moved = realloc(*items, larger * item_size);
  if (moved == NULL) {
    fail(reader, xml_out_of_memory, NULL);
    return false;
  }
  *items = moved;
  *capacity = larger;
  return true;
}

// Room for `count` more words, or NULL.
static uint32_t *add_words(struct reader *reader, size_t count) {
  struct xml_tape *tape = reader->tape;
  if (!grow(reader, (void **)&tape->words, &reader->word_capacity, tape->word_count + count, sizeof(uint32_t))) {
    return NULL;
  }
  uint32_t *added = tape->words + tape->word_count;
  tape->word_count += count;
  return added;
}

static bool add_text(struct reader *reader, const xmlChar *text, size_t count) {
  struct xml_tape *tape = reader->tape;
  if (!grow(reader, (void **)&tape->text, &reader->text_capacity, tape->text_count + count, 1)) return false;
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
  if (!grow(reader, (void **)&tape->name_text, &reader->name_text_capacity, tape->name_text_count + count, 1)) {
    return 0;
  }
  memcpy(tape->name_text + tape->name_text_count, name, count);
  uint32_t number = (uint32_t)tape->name_count;
  tape->names[2 * number] = (uint32_t)tape->name_text_count;
  tape->names[2 * number + 1] = (uint32_t)count;
  tape->name_text_count += count;
  tape->name_count += 1;
  reader->slots[place] = (struct slot){.key = name, .name = number};
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

static bool is_known_encoding(const char *name);

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
    case XML_I18N_CONV_FAILED: return xml_wrong_encoding;
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
  bool is_encoding = failure_of(error->code) == xml_unknown_encoding || error->code == XML_I18N_CONV_FAILED;
  if (error->level != XML_ERR_FATAL && !is_encoding) return;
  xmlParserInputPtr input = reader->context->input;
  bool is_at_end = input != NULL && input->cur >= input->end;
  enum xml_failure failure = failure_of(error->code);
  if (is_at_end && failure == xml_malformed) failure = xml_cut_short;
  fail(reader, failure, error->message);
  if (error->line > 0) tape->line = (uint32_t)error->line;
  tape->message[strcspn(tape->message, "\r\n")] = 0;
}

// MARK: - Before libxml2

// Encodings in which the bytes of `<`, `>`, `=` and the quotes mean nothing else, as the check of the tags needs.
static bool is_known_encoding(const char *name) {
  static const char *const families[] = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-", "iso8859-", "iso_8859-",
                                         "latin1", "windows-125", "cp125", "gb2312", "gbk", "gb18030", "big5",
                                         "euc-", "shift_jis", "koi8-"};
  for (size_t number = 0; number < sizeof(families) / sizeof(families[0]); number++) {
    if (strncasecmp(name, families[number], strlen(families[number])) == 0) return true;
  }
  return false;
}

static void fail_at(struct reader *reader, enum xml_failure failure, const uint8_t *bytes, const uint8_t *place) {
  uint32_t line = 1;
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

// libxml2 compares each attribute of an element with all before it, and counts them only when it has read them all:
// so they are counted here first. The count is right up to the first error, where libxml2 stops.
static void check_tags(struct reader *reader, const uint8_t *bytes, size_t count) {
  const uint8_t *const end = bytes + count;
  const uint8_t *place = bytes;
  while (place < end && (place = memchr(place, '<', (size_t)(end - place))) != NULL) {
    const uint8_t *const tag = place;
    const uint8_t *closing = NULL;
    size_t left = (size_t)(end - place);
    if (left >= 4 && memcmp(place, "<!--", 4) == 0) {
      closing = memmem(place + 4, left - 4, "-->", 3);
    } else if (left >= 9 && memcmp(place, "<![CDATA[", 9) == 0) {
      closing = memmem(place + 9, left - 9, "]]>", 3);
    } else if (left >= 2 && place[1] == '?') {
      closing = memmem(place + 2, left - 2, "?>", 2);
    } else if (left >= 3 && place[1] == '!' && place[2] == 'D') {
      return fail_at(reader, xml_document_type, bytes, tag);
    } else {
      uint32_t attributes = 0;
      for (place += 1; place < end && *place != '>'; place++) {
        if (*place == '=') {
          attributes += 1;
        } else if (*place == '"' || *place == '\'') {
          place = memchr(place + 1, *place, (size_t)(end - place - 1));
          if (place == NULL) break;
        }
      }
      if (attributes > reader->limits->attributes) return fail_at(reader, xml_too_many_attributes, bytes, tag);
      if (place == NULL) return;
      continue;
    }
    if (closing == NULL) return;
    place = closing + 2;
  }
}

// MARK: - Reading

static xmlSAXHandler handler;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void prepare(void) {
  xmlInitParser();
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

static void parse(struct reader *reader, const uint8_t *bytes, size_t count, const char *encoding) {
  xmlParserCtxtPtr context = xmlCreateMemoryParserCtxt((const char *)bytes, (int)count);
  if (context == NULL) return fail(reader, xml_out_of_memory, NULL);
  reader->context = context;
  *context->sax = handler;
  context->userData = reader;
  xmlCtxtUseOptions(context, XML_PARSE_NONET | (encoding != NULL ? XML_PARSE_IGNORE_ENC : 0));
  if (encoding != NULL) {
    xmlCharEncodingHandlerPtr converter = xmlFindCharEncodingHandler(encoding);
    if (converter == NULL) {
      fail(reader, xml_unknown_encoding, encoding);
    } else {
      xmlSwitchToEncoding(context, converter);
    }
  }
  if (reader->tape->failure == xml_no_failure) xmlParseDocument(context);
  if (reader->tape->failure == xml_no_failure && !context->wellFormed) fail(reader, xml_malformed, NULL);
  if (context->myDoc != NULL) xmlFreeDoc(context->myDoc);
  context->myDoc = NULL;
  reader->context = NULL;
  xmlFreeParserCtxt(context);
}

static void read_document(struct reader *reader, const uint8_t *bytes, size_t count, const char *encoding) {
  struct xml_tape *tape = reader->tape;
  if (encoding != NULL && !is_known_encoding(encoding)) return fail(reader, xml_unknown_encoding, encoding);
  xmlCharEncoding detected = count >= 4 ? xmlDetectCharEncoding(bytes, 4) : XML_CHAR_ENCODING_NONE;
  if (detected != XML_CHAR_ENCODING_NONE && detected != XML_CHAR_ENCODING_UTF8) {
    const char *name = xmlGetCharEncodingName(detected);
    return fail(reader, xml_unknown_encoding, name != NULL ? name : "UCS-4");
  }
  const uint8_t *zero = memchr(bytes, 0, count);
  if (zero != NULL) return fail_at(reader, xml_illegal_character, bytes, zero);
  check_tags(reader, bytes, count);
  if (tape->failure != xml_no_failure) return;

  uint32_t slot_count = 64;
  while (slot_count < 0x40000000u && slot_count <= reader->limits->names * 2) slot_count *= 2;
  reader->slot_mask = slot_count - 1;
  reader->slots = calloc(slot_count, sizeof(struct slot));
  reader->open = calloc((size_t)reader->limits->depth + 1, sizeof(struct open_element));
  tape->names = malloc(((size_t)reader->limits->names + 1) * 2 * sizeof(uint32_t));
  if (reader->slots == NULL || reader->open == NULL || tape->names == NULL) {
    return fail(reader, xml_out_of_memory, NULL);
  }
  // A CWMP message of n bytes makes about n/10 words and n/2 bytes of text.
  if (!grow(reader, (void **)&tape->words, &reader->word_capacity, count / 8 + 64, sizeof(uint32_t)) ||
      !grow(reader, (void **)&tape->text, &reader->text_capacity, count / 2 + 64, 1) ||
      !grow(reader, (void **)&tape->name_text, &reader->name_text_capacity, 1024, 1)) {
    return;
  }
  parse(reader, bytes, count, encoding);
}

void xml_tape_read(struct xml_tape *tape, const uint8_t *bytes, size_t count, const char *encoding,
                   const struct xml_limits *limits) {
  memset(tape, 0, sizeof(*tape));
  struct reader reader = {.tape = tape, .limits = limits, .last_text = no_record};
  if (count == 0 || count > 0x40000000u) {
    tape->failure = count == 0 ? xml_cut_short : xml_out_of_memory;
    tape->line = 1;
    tape->column = 1;
    return;
  }
  pthread_once(&once, prepare);
  read_document(&reader, bytes, count, encoding);
  free(reader.slots);
  free(reader.open);
}

void xml_tape_free(struct xml_tape *tape) {
  free(tape->words);
  free(tape->text);
  free(tape->names);
  free(tape->name_text);
  memset(tape, 0, sizeof(*tape));
}
