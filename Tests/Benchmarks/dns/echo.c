// The floor under every DNS server: what comes in goes back with QR set, by as few calls to the kernel as there can be.
//   echo ADDRESS PORT THREADS
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, SIZE = 1500 };
static struct sockaddr_in local = {.sin_family = AF_INET};

static void *serve(void *unused) {
  static __thread unsigned char bytes[BATCH][SIZE];
  struct mmsghdr messages[BATCH];
  struct iovec vectors[BATCH];
  struct sockaddr_in peers[BATCH];
  int on = 1, room = 1 << 20, fd = socket(AF_INET, SOCK_DGRAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (bind(fd, (struct sockaddr *)&local, sizeof local)) {
    perror("bind");
    exit(1);
  }
  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      vectors[i] = (struct iovec){bytes[i], SIZE};
      messages[i].msg_hdr = (struct msghdr){
          .msg_name = &peers[i], .msg_namelen = sizeof peers[i], .msg_iov = &vectors[i], .msg_iovlen = 1};
    }
    int count = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
    for (int i = 0; i < count; i++) {
      vectors[i].iov_len = messages[i].msg_len;
      bytes[i][2] |= 0x80;
    }
    for (int sent = 0; sent < count;) {
      int more = sendmmsg(fd, messages + sent, count - sent, 0);
      if (more <= 0) break;
      sent += more;
    }
  }
  return unused;
}

int main(int argc, char **argv) {
  if (argc != 4 || inet_pton(AF_INET, argv[1], &local.sin_addr) != 1) return 2;
  local.sin_port = htons(atoi(argv[2]));
  for (int i = 1; i < atoi(argv[3]); i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, serve, NULL);
  }
  serve(NULL);
}
