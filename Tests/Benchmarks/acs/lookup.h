// One question of DNS for an address, and its answer (RFC 1035).
#pragma once
#include "lease.h"

// Returns its size; 0 where the name is none.
static size_t dns_question(uint8_t message[300], uint16_t id, const char *name) {
  memset(message, 0, 12);
  message[0] = (uint8_t)(id >> 8);
  message[1] = (uint8_t)id;
  message[2] = 1;  // RD
  message[5] = 1;
  uint8_t *at = message + 12;
  for (const char *label = name; *label;) {
    size_t size = strcspn(label, ".");
    if (!size || size > 63 || at - message + size > 280) return 0;
    *at++ = (uint8_t)size;
    memcpy(at, label, size);
    at += size;
    label += size + (label[size] == '.');
  }
  memcpy(at, "\0\0\1\0\1", 5);
  return (size_t)(at + 5 - message);
}

static size_t skip_name(const uint8_t *message, size_t size, size_t at) {
  while (at < size && message[at] && message[at] < 64) at += 1u + message[at];
  return at + (at < size && message[at] >= 192 ? 2 : 1);
}

// The first address of the answer, in the order of the host; 0 where there is none.
static uint32_t dns_answer(const uint8_t *message, size_t size, uint16_t id) {
  if (size < 12 || message[0] != id >> 8 || message[1] != (id & 255) || !(message[2] & 128) || message[3] & 15) return 0;
  size_t at = skip_name(message, size, 12) + 4;
  for (int left = message[6] << 8 | message[7]; left; left--) {
    at = skip_name(message, size, at);
    if (at + 10 > size) return 0;
    size_t length = (size_t)(message[at + 8] << 8 | message[at + 9]);
    bool is_address = message[at + 1] == 1 && length == 4;
    at += 10;
    if (at + length > size) return 0;
    if (is_address) return number_at(message + at);
    at += length;
  }
  return 0;
}
