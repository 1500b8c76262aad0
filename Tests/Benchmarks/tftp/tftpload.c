// Reads one file by TFTP many times over, so many at once, from so many addresses: the same client for every server.
//
//   tftpload SERVER FILE FIRST-ADDRESS ADDRESSES COUNT AT-ONCE BLKSIZE WINDOWSIZE
//
// Prints: transfers done, transfers failed, bytes, seconds, median and 99th percentile of a transfer in milliseconds,
// packets that were sent again. What the server does not agree to is left at TFTP's own value.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { repetitions = 10, wait_ms = 1000 };

struct transfer {
  int socket;  // -1: none
  struct sockaddr_in peer;
  double begin, deadline;
  uint16_t last;  // the last block that came in order
  bool begun;
  uint32_t block_size, window_size, unacknowledged;
  uint64_t bytes;
  int repeated;
};

static struct sockaddr_in server;
static uint32_t first_address;
static int addresses;
static uint8_t request[600];
static size_t request_size;
static int poller;
static long sent_again;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void put(const char *text) {
  size_t size = strlen(text) + 1;
  memcpy(request + request_size, text, size);
  request_size += size;
}

static void option(const char *name, int value) {
  char text[16];
  snprintf(text, sizeof text, "%d", value);
  put(name);
  put(text);
}

static void send_now(struct transfer *t) {
  uint8_t acknowledgment[4] = {0, 4, t->last >> 8, t->last & 255};
  const void *bytes = t->begun ? (const void *)acknowledgment : request;
  size_t size = t->begun ? sizeof acknowledgment : request_size;
  sendto(t->socket, bytes, size, 0, (struct sockaddr *)&t->peer, sizeof t->peer);
  t->unacknowledged = 0;
  t->deadline = now() + wait_ms;
}

static bool begin(struct transfer *t, int number) {
  memset(t, 0, sizeof *t);
  t->socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in local = {.sin_family = AF_INET};
  local.sin_addr.s_addr = htonl(first_address + number % addresses);
  if (t->socket < 0 || bind(t->socket, (struct sockaddr *)&local, sizeof local)) {
    perror("tftpload: socket");
    exit(1);
  }
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = t};
  epoll_ctl(poller, EPOLL_CTL_ADD, t->socket, &event);
  t->peer = server;
  t->block_size = 512;
  t->window_size = 1;
  t->begin = now();
  send_now(t);
  return true;
}

// 1: done, -1: failed, 0: goes on.
static int receive(struct transfer *t) {
  static uint8_t bytes[65536];
  for (;;) {
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    ssize_t size = recvfrom(t->socket, bytes, sizeof bytes - 1, 0, (struct sockaddr *)&from, &length);
    if (size < 4) return 0;
    if (t->begun && from.sin_port != t->peer.sin_port) continue;
    int opcode = bytes[1];
    uint16_t block = bytes[2] << 8 | bytes[3];
    if (opcode == 5) return -1;
    if (opcode == 6 && !t->begun) {
      bytes[size] = 0;
      for (char *name = (char *)bytes + 2, *end = (char *)bytes + size; name < end;) {
        char *value = name + strlen(name) + 1;
        if (value >= end) break;
        if (!strcasecmp(name, "blksize")) t->block_size = atoi(value);
        if (!strcasecmp(name, "windowsize")) t->window_size = atoi(value);
        name = value + strlen(value) + 1;
      }
      t->peer = from;
      t->begun = true;
      send_now(t);
    } else if (opcode == 3) {
      if (!t->begun) t->peer = from;
      t->begun = true;
      if (block != (uint16_t)(t->last + 1)) continue;
      t->last = block;
      t->repeated = 0;
      t->bytes += size - 4;
      bool is_end = size - 4 < t->block_size;
      if (++t->unacknowledged == t->window_size || is_end) send_now(t);
      if (is_end) return 1;
    }
  }
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

int main(int count, char **words) {
  if (count != 9) {
    fprintf(stderr, "tftpload SERVER FILE FIRST-ADDRESS ADDRESSES COUNT AT-ONCE BLKSIZE WINDOWSIZE\n");
    return 2;
  }
  server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(69), .sin_addr.s_addr = inet_addr(words[1])};
  first_address = ntohl(inet_addr(words[3]));
  addresses = atoi(words[4]);
  int total = atoi(words[5]), at_once = atoi(words[6]), block_size = atoi(words[7]), window_size = atoi(words[8]);
  if (strlen(words[2]) > 400 || addresses < 1 || total < 1 || at_once < 1) return 2;
  struct rlimit limit = {at_once + 64, at_once + 64};
  setrlimit(RLIMIT_NOFILE, &limit);
  request[1] = 1;
  request_size = 2;
  put(words[2]);
  put("octet");
  option("tsize", 0);
  if (block_size != 512) option("blksize", block_size);
  if (window_size != 1) option("windowsize", window_size);

  poller = epoll_create1(0);
  struct transfer *transfers = calloc(at_once, sizeof *transfers);
  double *times = calloc(total, sizeof *times);
  int started = 0, done = 0, failed = 0;
  uint64_t bytes = 0;
  double start = now();
  for (int i = 0; i < at_once; i++) {
    transfers[i].socket = -1;
    if (started < total) begin(&transfers[i], started++);
  }
  struct epoll_event events[256];
  double checked = start;
  while (done + failed < total) {
    int ready = epoll_wait(poller, events, 256, 50);
    for (int i = 0; i < ready; i++) {
      struct transfer *t = events[i].data.ptr;
      if (t->socket < 0) continue;
      int result = receive(t);
      if (!result) continue;
      if (result > 0) {
        bytes += t->bytes;
        times[done++] = now() - t->begin;
      } else {
        failed++;
      }
      close(t->socket);
      t->socket = -1;
      if (started < total) begin(t, started++);
    }
    double moment = now();
    if (moment - checked < 50) continue;
    checked = moment;
    for (int i = 0; i < at_once; i++) {
      struct transfer *t = &transfers[i];
      if (t->socket < 0 || t->deadline > moment) continue;
      if (t->repeated++ < repetitions) {
        sent_again++;
        send_now(t);
        continue;
      }
      failed++;
      close(t->socket);
      t->socket = -1;
      if (started < total) begin(t, started++);
    }
  }
  double seconds = (now() - start) / 1e3;
  qsort(times, done, sizeof *times, compare);
  printf("%d %d %llu %.4f %.2f %.2f %ld\n", done, failed, (unsigned long long)bytes, seconds,
         done ? times[done / 2] : 0, done ? times[done * 99 / 100] : 0, sent_again);
  return 0;
}
