// The messages of a DHCP client behind a relay (RFC 2131), and what a router needs of the answers.
#pragma once
#include <arpa/inet.h>

#include "device.h"

enum { dhcp_discover = 1, dhcp_offer = 2, dhcp_request = 3, dhcp_ack = 5, dhcp_nak = 6, dhcp_fixed = 240 };

// Addresses are in the order of the host.
struct lease {
  uint32_t address, server, dns;
  int type;
  uint32_t transaction;
  char url[256], username[128], password[128];
};

static uint8_t *put_option(uint8_t *at, uint8_t code, const void *bytes, size_t size) {
  *at++ = code;
  *at++ = (uint8_t)size;
  memcpy(at, bytes, size);
  return at + size;
}

static uint8_t *put_number(uint8_t *at, uint8_t code, uint32_t number) {
  number = htonl(number);
  return put_option(at, code, &number, 4);
}

static uint32_t number_at(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

// A DISCOVER, or a REQUEST of what `offer` offered, as the relay `relay` passes it on. Returns its size.
static size_t dhcp_message(
    uint8_t message[576], int type, const struct device *device, uint32_t transaction, uint16_t elapsed, uint32_t relay,
    const struct lease *offer) {
  // Mask, gateways, DNS, domain, option 43, and what automatic configuration asks for.
  static const uint8_t wanted[] = {1, 3, 6, 15, 43, 66, 67, 150};
  static const char vendor_class[] = "H3C.H3C MSR36-20";
  uint8_t hardware[6] = {0x02, 0x50};
  uint32_t number = htonl(device->number), order = htonl(relay);
  memcpy(hardware + 2, &number, 4);
  memset(message, 0, 576);
  message[0] = message[1] = message[3] = 1;
  message[2] = sizeof hardware;
  transaction = htonl(transaction);
  memcpy(message + 4, &transaction, 4);
  message[8] = (uint8_t)(elapsed >> 8);
  message[9] = (uint8_t)elapsed;
  memcpy(message + 24, &order, 4);
  memcpy(message + 28, hardware, sizeof hardware);
  memcpy(message + 236, "\x63\x82\x53\x63", 4);
  uint8_t *at = message + dhcp_fixed, one = (uint8_t)type, circuit[6] = {1, 4};
  at = put_option(at, 53, &one, 1);
  if (type == dhcp_request) {
    at = put_number(at, 50, offer->address);
    at = put_number(at, 54, offer->server);
  }
  at = put_option(at, 55, wanted, sizeof wanted);
  at = put_option(at, 57, "\x05\xdc", 2);
  at = put_option(at, 60, vendor_class, sizeof vendor_class - 1);
  memcpy(circuit + 2, &number, 4);
  at = put_option(at, 82, circuit, sizeof circuit);
  *at++ = 255;
  // Relays pass on no less than BOOTP's 300 bytes.
  return at - message < 300 ? 300 : (size_t)(at - message);
}

// Sub-option 1 of Comware's option 43: URL, user name and password with spaces between.
static void read_option_43(const uint8_t *bytes, size_t size, struct lease *lease) {
  for (size_t at = 0; at + 2 <= size && at + 2 + bytes[at + 1] <= size; at += 2u + bytes[at + 1]) {
    if (bytes[at] != 1) continue;
    char text[256];
    snprintf(text, sizeof text, "%.*s", bytes[at + 1], (const char *)bytes + at + 2);
    lease->username[0] = lease->password[0] = 0;
    sscanf(text, "%255s %127s %127s", lease->url, lease->username, lease->password);
    return;
  }
}

static bool lease_read(struct lease *lease, const uint8_t *message, size_t size) {
  *lease = (struct lease){0};
  if (size < dhcp_fixed || message[0] != 2 || memcmp(message + 236, "\x63\x82\x53\x63", 4)) return false;
  lease->transaction = number_at(message + 4);
  lease->address = number_at(message + 16);
  for (size_t at = dhcp_fixed; at < size && message[at] != 255; at += message[at] ? 2u + message[at + 1] : 1u) {
    const uint8_t *value = message + at + 2;
    if (!message[at]) continue;
    if (at + 2 > size || at + 2 + message[at + 1] > size) return false;
    uint8_t length = message[at + 1];
    switch (message[at]) {
    case 53: lease->type = length ? value[0] : 0; break;
    case 54: lease->server = length == 4 ? number_at(value) : 0; break;
    case 6: lease->dns = length >= 4 ? number_at(value) : 0; break;
    case 43: read_option_43(value, length, lease); break;
    }
  }
  return true;
}
