#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/icmp.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int linux_echo_open(void) {
  int fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP);
  if (fd < 0) return -errno;
  struct icmp_filter filter = {~(1u << ICMP_ECHOREPLY)};
  if (setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof filter)) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

static uint16_t checksum(const uint8_t *bytes, size_t count) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < count; i += 2) sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t)~sum;
}

int linux_echo_send(int socket, uint32_t address, uint16_t identifier, uint16_t sequence) {
  uint8_t packet[8] = {ICMP_ECHO, 0, 0, 0, identifier >> 8, identifier & 0xff, sequence >> 8, sequence & 0xff};
  uint16_t sum = checksum(packet, sizeof packet);
  packet[2] = sum >> 8;
  packet[3] = sum & 0xff;
  struct sockaddr_in peer;
  memset(&peer, 0, sizeof peer);
  peer.sin_family = AF_INET;
  peer.sin_addr.s_addr = htonl(address);
  ssize_t sent = sendto(socket, packet, sizeof packet, 0, (struct sockaddr *)&peer, sizeof peer);
  return sent < 0 ? -errno : 0;
}

int linux_echo_receive(int socket, uint32_t *address, uint16_t *identifier, uint16_t *sequence) {
  uint8_t packet[128];
  struct sockaddr_in peer;
  for (;;) {
    socklen_t length = sizeof peer;
    ssize_t count = recvfrom(socket, packet, sizeof packet, 0, (struct sockaddr *)&peer, &length);
    if (count < 0) return errno == EAGAIN ? 0 : -errno;
    // The kernel hands over the IP header too.
    size_t header = count > 0 ? (packet[0] & 15u) * 4 : 0;
    if (header < 20 || (size_t)count < header + 8 || packet[header] != ICMP_ECHOREPLY) continue;
    *address = ntohl(peer.sin_addr.s_addr);
    *identifier = (uint16_t)(packet[header + 4] << 8 | packet[header + 5]);
    *sequence = (uint16_t)(packet[header + 6] << 8 | packet[header + 7]);
    return 1;
  }
}
