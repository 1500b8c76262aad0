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

enum xml_failure scan_tags(const uint8_t *bytes, size_t count, uint32_t attribute_limit, const uint8_t **where) {
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

const uint8_t *find_wrong_utf8(const uint8_t *bytes, size_t count) {
  const uint8_t *const end = bytes + count;
  const uint8_t *place = bytes;
  while (place < end) {
    uint64_t eight;
    while (end - place >= 8 && (memcpy(&eight, place, 8), (eight & 0x8080808080808080u) == 0)) place += 8;
    if (place == end) break;
    uint8_t first = *place;
    if (first < 0x80) {
      place += 1;
      continue;
    }
    // RFC 3629 section 4: the second byte is what keeps out long forms, surrogates and what lies beyond U+10FFFF.
    size_t length = first >= 0xC2 && first <= 0xDF ? 2 : first >= 0xE0 && first <= 0xEF ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    if (length == 0 || (size_t)(end - place) < length) return place;
    uint8_t lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    uint8_t highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (place[1] < lowest || place[1] > highest) return place;
    for (size_t number = 2; number < length; number++) {
      if ((place[number] & 0xC0) != 0x80) return place;
    }
    place += length;
  }
  return NULL;
}

bool declared_encoding(const uint8_t *bytes, size_t count, char *name, size_t capacity) {
  static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
  if (count >= 3 && memcmp(bytes, mark, 3) == 0) bytes += 3, count -= 3;
  if (count < 6 || memcmp(bytes, "<?xml", 5) != 0 || strchr(" \t\r\n", bytes[5]) == NULL) return false;
  const uint8_t *end = memmem(bytes, count, "?>", 2);
  if (end == NULL) return false;
  const uint8_t *place = memmem(bytes, (size_t)(end - bytes), "encoding", 8);
  if (place == NULL) return false;
  for (place += 8; place < end && strchr(" \t\r\n=", *place) != NULL; place++) continue;
  if (place == end || (*place != '"' && *place != '\'')) return false;
  const uint8_t *closing = memchr(place + 1, *place, (size_t)(end - place - 1));
  if (closing == NULL) return false;
  size_t length = (size_t)(closing - place - 1);
  if (length >= capacity) length = capacity - 1;
  memcpy(name, place + 1, length);
  name[length] = 0;
  return true;
}
