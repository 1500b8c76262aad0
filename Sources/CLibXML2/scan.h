// What is checked of the bytes of a document before libxml2 gets them.
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>

#include "CLibXML2.h"

// Whether this is an encoding in which the bytes of `<`, `>`, `=` and the quotes mean nothing else, as `scan_tags` needs.
bool is_known_encoding(const char *name);

// Finds a document type, or an element with more attributes than the limit; `where` is its first byte.
// libxml2 compares each attribute of an element with all before it, and counts them only when it has read them all:
// so they are counted here first. The count is right up to the first error, where libxml2 stops.
enum xml_failure scan_tags(const uint8_t *bytes, size_t count, uint32_t attribute_limit, const uint8_t **where);

#endif
