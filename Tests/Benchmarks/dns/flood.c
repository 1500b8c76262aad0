// Sends queries for names that do not exist, from 10,000 addresses that are not its own, as fast as it goes.
//   flood INTERFACE SERVER_MAC SERVER_ADDRESS FIRST_SOURCE SECONDS
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, NAME = 12, QUERY = 12 + 1 + NAME + 5 + 9 + 4, FRAME = 14 + 20 + 8 + QUERY };
static const unsigned char zone[] = "\5usher\10internal";

static uint16_t checksum(const unsigned char *bytes, int count) {
  uint32_t sum = 0;
  for (int i = 0; i < count; i += 2) sum += bytes[i] << 8 | bytes[i + 1];
  while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
  return ~sum;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  static unsigned char frames[BATCH][14 + 20 + 8 + 64];
  struct iovec vectors[BATCH];
  struct mmsghdr messages[BATCH];
  int fd = socket(AF_PACKET, SOCK_RAW, 0);
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(argv[1]), .sll_halen = 6};
  unsigned mac[6];
  struct in_addr server, first;
  if (fd < 0 || !to.sll_ifindex || inet_pton(AF_INET, argv[3], &server) != 1 ||
      inet_pton(AF_INET, argv[4], &first) != 1 ||
      sscanf(argv[2], "%x:%x:%x:%x:%x:%x", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5) != 6)
    return 2;
  const int query = 12 + 1 + NAME + (int)sizeof zone - 1 + 1 + 4, udp = 8 + query, ip = 20 + udp, frame = 14 + ip;
  for (int i = 0; i < BATCH; i++) {
    unsigned char *f = frames[i];
    for (int j = 0; j < 6; j++) f[j] = mac[j];
    memcpy(f + 6, "\x02\0\0\0\0\x66\x08\0", 8);
    memcpy(f + 14, "\x45\0\0\0\0\0\0\0\x40\x11\0\0", 12);
    f[16] = ip >> 8, f[17] = ip;
    memcpy(f + 30, &server, 4);
    memcpy(f + 34, "\x12\x34\0\x35", 4);
    f[38] = udp >> 8, f[39] = udp;
    memcpy(f + 42, "\0\0\1\0\0\1\0\0\0\0\0\0", 12);
    f[54] = NAME;
    memcpy(f + 55 + NAME, zone, sizeof zone);
    memcpy(f + 55 + NAME + sizeof zone, "\0\1\0\1", 4);
    vectors[i] = (struct iovec){f, frame};
    messages[i].msg_hdr = (struct msghdr){
        .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &vectors[i], .msg_iovlen = 1};
  }
  uint64_t dice = 88172645463325252ull, sent = 0;
  time_t end = time(NULL) + atoi(argv[5]);
  while (time(NULL) < end) {
    for (int i = 0; i < BATCH; i++) {
      dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
      unsigned char *f = frames[i];
      uint32_t source = htonl(ntohl(first.s_addr) + dice % 10000);
      memcpy(f + 26, &source, 4);
      f[24] = f[25] = 0;
      uint16_t sum = checksum(f + 14, 20);
      f[24] = sum >> 8, f[25] = sum;
      f[34] = 0x20 | (dice >> 20 & 0x3F), f[35] = dice >> 26;
      f[42] = dice >> 8, f[43] = dice >> 16;
      for (int j = 0; j < NAME; j++) f[55 + j] = 'a' + (dice >> (4 * j) & 15);
    }
    int count = sendmmsg(fd, messages, BATCH, 0);
    if (count > 0) sent += count;
  }
  printf("%llu\n", (unsigned long long)sent);
}
