// An XML document, read by libxml2 into a flat tape that Swift walks. libxml2's own headers stay behind this one.
//
// The tape is an array of words. Each record begins with its kind:
//   start  1, index of its end record, local name, prefix + 1, namespace + 1, line, attributes (a), declarations (d),
//          then for each attribute: local name, prefix + 1, namespace + 1, offset and length of its value in the text,
//          then for each namespace declaration: its namespace + 1
//   text   2, offset, length in the text
//   end    3
// A name is the number of a pair (offset, length) in `names`, which points into the name text. Text stands in the order
// of the document, as UTF-8. White space between two tags is left out unless it is all that an element holds.
#ifndef CLIBXML2_H
#define CLIBXML2_H

#include <stddef.h>
#include <stdint.h>

enum { xml_start_words = 8, xml_attribute_words = 5, xml_text_words = 3, xml_end_words = 1 };
enum xml_record { xml_record_start = 1, xml_record_text = 2, xml_record_end = 3 };

struct xml_limits {
  uint32_t depth;       // elements within each other
  uint32_t elements;    // in the document
  uint32_t attributes;  // of one element, namespace declarations included
  uint32_t names;       // that differ, in the document
};

enum xml_failure {
  xml_no_failure,
  xml_out_of_memory,
  xml_malformed,
  xml_cut_short,         // the bytes end before the document does
  xml_document_type,     // <!DOCTYPE
  xml_undefined_entity,
  xml_illegal_character,
  xml_wrong_encoding,    // bytes that the encoding does not have
  xml_unknown_encoding,
  xml_too_deep,
  xml_too_many_elements,
  xml_too_many_attributes,
  xml_too_many_names,
};

struct xml_tape {
  enum xml_failure failure;
  uint32_t line;      // of the failure, from 1
  uint32_t column;    // of the failure, from 1; 0 where it is not known
  char message[128];  // libxml2's words for the failure, or the encoding; ends in a zero byte

  uint32_t *words;
  size_t word_count;
  uint8_t *text;
  size_t text_count;
  uint32_t *names;  // pairs
  size_t name_count;
  uint8_t *name_text;
  size_t name_text_count;
};

// Reads `count` bytes (at most 1 GiB) as one document. `encoding`, where it is not null, is the word of a higher
// protocol and goes before what the document says. White space ahead of the document is passed over. The tape stands in
// memory that is the thread's own: it must be freed there, whatever the failure, before another document is read.
void xml_tape_read(struct xml_tape *tape, const uint8_t *bytes, size_t count, const char *encoding,
                   const struct xml_limits *limits);
void xml_tape_free(struct xml_tape *tape);

#endif
