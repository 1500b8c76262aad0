#define _GNU_SOURCE
#include "scan.h"

#include <string.h>
#include <strings.h>

bool is_known_encoding(const char *name) {
  static const char *const families[] = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-", "iso8859-", "iso_8859-",
                                         "latin1", "windows-125", "cp125", "gb2312", "gbk", "gb18030", "big5",
                                         "euc-", "shift_jis", "koi8-"};
  for (size_t number = 0; number < sizeof(families) / sizeof(families[0]); number++) {
    if (strncasecmp(name, families[number], strlen(families[number])) == 0) return true;
  }
  return false;
}

// Whether there are that many of a byte at most.
static bool has_at_most(const uint8_t *bytes, size_t count, uint8_t byte, uint32_t limit) {
  const uint8_t *const end = bytes + count;
  for (const uint8_t *place = bytes; (place = memchr(place, byte, (size_t)(end - place))) != NULL; place++) {
    if (limit-- == 0) return false;
  }
  return true;
}

enum xml_failure scan_tags(const uint8_t *bytes, size_t count, uint32_t attribute_limit, const uint8_t **where) {
  // Most messages have no more attributes in all, and neither a declaration nor a comment.
  if (has_at_most(bytes, count, '!', 0) && has_at_most(bytes, count, '=', attribute_limit)) return xml_no_failure;
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
      *where = tag;
      return xml_document_type;
    } else {
      // Most tags have no attribute, and then no quote in which a > could stand.
      const uint8_t *const next = memchr(place, '>', left);
      if (next != NULL && memchr(place, '=', (size_t)(next - place)) == NULL) {
        place = next;
        continue;
      }
      uint32_t attributes = 0;
      for (place += 1; place < end && *place != '>'; place++) {
        if (*place == '=') {
          attributes += 1;
        } else if (*place == '"' || *place == '\'') {
          place = memchr(place + 1, *place, (size_t)(end - place - 1));
          if (place == NULL) break;
        }
      }
      if (attributes > attribute_limit) {
        *where = tag;
        return xml_too_many_attributes;
      }
      if (place == NULL) break;
      continue;
    }
    if (closing == NULL) break;
    place = closing + 2;
  }
  return xml_no_failure;
}
