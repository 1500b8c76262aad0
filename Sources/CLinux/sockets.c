#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int turn_on(int socket, int level, int option) {
  int one = 1;
  return setsockopt(socket, level, option, &one, sizeof one);
}

int linux_socket_open(bool stream, bool reuse_address, bool reuse_port, bool broadcast, int receive_buffer,
                      const char *device) {
  int fd = socket(AF_INET, (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  bool failed = (reuse_address && turn_on(fd, SOL_SOCKET, SO_REUSEADDR)) ||
                (reuse_port && turn_on(fd, SOL_SOCKET, SO_REUSEPORT)) ||
                (broadcast && turn_on(fd, SOL_SOCKET, SO_BROADCAST)) ||
                (!stream && turn_on(fd, IPPROTO_IP, IP_PKTINFO)) ||
                (device && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, strlen(device) + 1));
  if (failed) {
    int error = errno;
    close(fd);
    return -error;
  }
  // The kernel caps this at net.core.rmem_max; with CAP_NET_ADMIN it does not.
  if (receive_buffer > 0 && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer))
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  return fd;
}

int linux_socket_refuse_broadcasts(int socket) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_NET_OFF + 16),  // the destination in the IP header
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, INADDR_BROADCAST, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) ? -errno : 0;
}

int linux_socket_dedicate(int socket, int milliseconds) {
  int zero = 0;
  struct timeval longest = {milliseconds / 1000, milliseconds % 1000 * 1000};
  int flags = fcntl(socket, F_GETFL);
  bool failed = flags < 0 || fcntl(socket, F_SETFL, flags & ~O_NONBLOCK) ||
                setsockopt(socket, IPPROTO_IP, IP_PKTINFO, &zero, sizeof zero) ||
                setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  return failed ? -errno : 0;
}

// A socket without a peer is told not to be connected, and whoever waits for it is woken all the same.
void linux_socket_shut_down(int socket) { shutdown(socket, SHUT_RDWR); }

static struct sockaddr_in socket_address(uint32_t address, uint16_t port);

int linux_socket_deafen(int socket) {
  // Only what a peer sends reaches a socket that has one, and nobody can send from there.
  struct sockaddr_in nobody = socket_address(INADDR_LOOPBACK, 1);
  int none = 0;
  setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &none, sizeof none);
  return connect(socket, (struct sockaddr *)&nobody, sizeof nobody) ? -errno : 0;
}

static struct sockaddr_in socket_address(uint32_t address, uint16_t port) {
  struct sockaddr_in result;
  memset(&result, 0, sizeof result);
  result.sin_family = AF_INET;
  result.sin_addr.s_addr = htonl(address);
  result.sin_port = htons(port);
  return result;
}

int linux_socket_bind(int socket, uint32_t address, uint16_t port) {
  struct sockaddr_in local = socket_address(address, port);
  return bind(socket, (struct sockaddr *)&local, sizeof local) ? -errno : 0;
}

int linux_socket_local(int socket, uint32_t *address, uint16_t *port) {
  struct sockaddr_in local;
  socklen_t length = sizeof local;
  if (getsockname(socket, (struct sockaddr *)&local, &length)) return -errno;
  *address = ntohl(local.sin_addr.s_addr);
  *port = ntohs(local.sin_port);
  return 0;
}

// Room for one control message with a struct in_pktinfo.
union packet_info {
  char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
  struct cmsghdr aligned;
};

static void choose_source(struct msghdr *message, union packet_info *room, uint32_t local, uint32_t interface_index) {
  message->msg_control = NULL;
  message->msg_controllen = 0;
  if (!local && !interface_index) return;
  memset(room, 0, sizeof *room);
  message->msg_control = room;
  message->msg_controllen = sizeof room->bytes;
  struct cmsghdr *header = CMSG_FIRSTHDR(message);
  header->cmsg_level = IPPROTO_IP;
  header->cmsg_type = IP_PKTINFO;
  header->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
  struct in_pktinfo *info = (struct in_pktinfo *)CMSG_DATA(header);
  info->ipi_spec_dst.s_addr = htonl(local);
  info->ipi_ifindex = (int)interface_index;
}

enum {
  SENT_AT_ONCE = 64,           // messages for one sendmmsg(2)
  UDP_SEGMENTS = 64,           // what every kernel that knows UDP_SEGMENT (4.18) takes as one message
  UDP_SEGMENTS_BYTES = 60000,  // a little less than an IP packet holds
};

// Room for two control messages: a struct in_pktinfo, and the size of a segment.
union segments_info {
  union packet_info source;
  char bytes[CMSG_SPACE(sizeof(struct in_pktinfo)) + CMSG_SPACE(sizeof(uint16_t))];
  struct cmsghdr aligned;
};

// Has the message sent as datagrams of so many bytes (udp(7), UDP_SEGMENT).
static void choose_segments(struct msghdr *message, union segments_info *room, uint16_t size) {
  size_t used = message->msg_controllen;
  struct cmsghdr *header = (struct cmsghdr *)(room->bytes + used);
  memset(header, 0, CMSG_SPACE(sizeof size));
  header->cmsg_level = IPPROTO_UDP;
  header->cmsg_type = UDP_SEGMENT;
  header->cmsg_len = CMSG_LEN(sizeof size);
  memcpy(CMSG_DATA(header), &size, sizeof size);
  message->msg_control = room;
  message->msg_controllen = used + CMSG_SPACE(sizeof size);
}

int linux_datagram_send(int socket, const uint8_t *bytes, size_t count, uint32_t peer, uint16_t port, uint32_t local,
                        uint32_t interface_index) {
  struct sockaddr_in to = socket_address(peer, port);
  struct iovec vector = {(void *)bytes, count};
  union packet_info room;
  struct msghdr message = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &vector, .msg_iovlen = 1};
  choose_source(&message, &room, local, interface_index);
  ssize_t sent;
  do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : (int)sent;
}

// Headers, addresses and control messages of a batch, apart for either way.
struct linux_batch {
  uint32_t capacity;
  uint32_t input_size;
  uint8_t *bytes;
  struct linux_datagram *datagrams;
  struct mmsghdr *headers[2];
  struct iovec *vectors[2];
  struct sockaddr_in *addresses[2];
  union packet_info *infos[2];
};

struct linux_batch *linux_batch_create(uint32_t capacity, uint32_t input_size, uint32_t output_size) {
  struct linux_batch *batch = calloc(1, sizeof *batch);
  if (!batch) return NULL;
  size_t stride = (size_t)input_size + output_size;
  batch->capacity = capacity;
  batch->input_size = input_size;
  batch->bytes = calloc(capacity, stride);
  batch->datagrams = calloc(capacity, sizeof *batch->datagrams);
  bool complete = batch->bytes && batch->datagrams;
  for (int way = 0; way < 2; way++) {
    batch->headers[way] = calloc(capacity, sizeof *batch->headers[way]);
    batch->vectors[way] = calloc(capacity, sizeof *batch->vectors[way]);
    batch->addresses[way] = calloc(capacity, sizeof *batch->addresses[way]);
    batch->infos[way] = calloc(capacity, sizeof *batch->infos[way]);
    complete = complete && batch->headers[way] && batch->vectors[way] && batch->addresses[way] && batch->infos[way];
  }
  if (!complete) {
    linux_batch_destroy(batch);
    return NULL;
  }
  for (uint32_t i = 0; i < capacity; i++) {
    batch->datagrams[i].input = batch->bytes + i * stride;
    batch->datagrams[i].output = batch->bytes + i * stride + input_size;
    for (int way = 0; way < 2; way++) {
      struct msghdr *message = &batch->headers[way][i].msg_hdr;
      message->msg_iov = &batch->vectors[way][i];
      message->msg_iovlen = 1;
      message->msg_name = &batch->addresses[way][i];
      message->msg_namelen = sizeof batch->addresses[way][i];
    }
    batch->vectors[0][i].iov_base = batch->datagrams[i].input;
    batch->vectors[0][i].iov_len = input_size;
  }
  return batch;
}

void linux_batch_destroy(struct linux_batch *batch) {
  if (!batch) return;
  for (int way = 0; way < 2; way++) {
    free(batch->headers[way]);
    free(batch->vectors[way]);
    free(batch->addresses[way]);
    free(batch->infos[way]);
  }
  free(batch->datagrams);
  free(batch->bytes);
  free(batch);
}

struct linux_datagram *linux_batch_datagrams(struct linux_batch *batch) { return batch->datagrams; }

static void note_packet_info(struct linux_datagram *datagram, struct msghdr *message) {
  datagram->destination = 0;
  datagram->local = 0;
  datagram->interface_index = 0;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
    if (header->cmsg_level != IPPROTO_IP || header->cmsg_type != IP_PKTINFO) continue;
    struct in_pktinfo info;
    memcpy(&info, CMSG_DATA(header), sizeof info);
    datagram->destination = ntohl(info.ipi_addr.s_addr);
    datagram->local = ntohl(info.ipi_spec_dst.s_addr);
    datagram->interface_index = (uint32_t)info.ipi_ifindex;
  }
}

int linux_batch_receive(struct linux_batch *batch, int socket) {
  for (uint32_t i = 0; i < batch->capacity; i++) {
    struct msghdr *message = &batch->headers[0][i].msg_hdr;
    message->msg_namelen = sizeof batch->addresses[0][i];
    message->msg_control = &batch->infos[0][i];
    message->msg_controllen = sizeof batch->infos[0][i].bytes;
  }
  int count;
  do count = recvmmsg(socket, batch->headers[0], batch->capacity, MSG_WAITFORONE, NULL);
  while (count < 0 && errno == EINTR);
  if (count < 0) return errno == EAGAIN ? 0 : -errno;
  for (int i = 0; i < count; i++) {
    struct linux_datagram *datagram = &batch->datagrams[i];
    struct mmsghdr *header = &batch->headers[0][i];
    datagram->input_count = header->msg_len;
    datagram->output_count = 0;
    datagram->may_be_lost = false;
    datagram->truncated = (header->msg_hdr.msg_flags & MSG_TRUNC) != 0;
    datagram->peer = ntohl(batch->addresses[0][i].sin_addr.s_addr);
    datagram->peer_port = ntohs(batch->addresses[0][i].sin_port);
    note_packet_info(datagram, &header->msg_hdr);
  }
  return count;
}

// Sends the first of the messages, as many as the kernel takes; the number, or -errno of the first. A full send buffer
// is waited for 5 ms, once.
static int send_some(int socket, struct mmsghdr *messages, uint32_t count, bool *waited) {
  for (;;) {
    int sent = sendmmsg(socket, messages, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) return sent;
    if (errno == EINTR) continue;
    if (errno != EAGAIN || *waited) return -errno;
    struct pollfd descriptor = {socket, POLLOUT, 0};
    *waited = true;
    poll(&descriptor, 1, 5);
  }
}

// Puts the replies that may, or may not, be lost in order for sending; the number of them.
static uint32_t gather_replies(struct linux_batch *batch, uint32_t count, bool may_be_lost) {
  uint32_t replies = 0;
  for (uint32_t i = 0; i < count && i < batch->capacity; i++) {
    struct linux_datagram *datagram = &batch->datagrams[i];
    if (!datagram->output_count || datagram->may_be_lost != may_be_lost) continue;
    batch->vectors[1][replies] = (struct iovec){datagram->output, datagram->output_count};
    batch->addresses[1][replies] = socket_address(datagram->peer, datagram->peer_port);
    choose_source(&batch->headers[1][replies].msg_hdr, &batch->infos[1][replies], datagram->local, 0);
    replies++;
  }
  return replies;
}

struct linux_sent linux_batch_send(struct linux_batch *batch, int socket, int second, uint32_t count) {
  struct linux_sent result = {0, 0, 0};
  for (int may_be_lost = 0; may_be_lost < 2; may_be_lost++) {
    uint32_t replies = gather_replies(batch, count, may_be_lost);
    bool waited = may_be_lost;
    for (uint32_t next = 0; next < replies;) {
      int sent = send_some(may_be_lost ? second : socket, batch->headers[1] + next, replies - next, &waited);
      if (sent > 0) {
        next += (uint32_t)sent;
        result.sent += (uint32_t)sent;
        continue;
      }
      result.error = -sent;
      uint32_t lost = may_be_lost && sent == -EAGAIN ? replies - next : 1;
      result.failed += lost;
      next += lost;
    }
  }
  return result;
}

// The datagrams from the first on that the kernel can take as one: all of one size, but the last may be shorter.
static uint32_t neighbors(const struct linux_outgoing *datagrams, uint32_t count) {
  const struct linux_outgoing *first = datagrams;
  uint32_t bytes = first->count, number = 1;
  for (; number < count && number < UDP_SEGMENTS; number++) {
    const struct linux_outgoing *next = datagrams + number;
    bool differs = next->peer != first->peer || next->port != first->port || next->local != first->local;
    bool ends = next[-1].count < first->count || next->count > first->count || next->count == 0;
    if (differs || ends || bytes + next->count > UDP_SEGMENTS_BYTES) break;
    bytes += next->count;
  }
  return number;
}

struct linux_sent linux_datagrams_send(int socket, const uint8_t *bytes, const struct linux_outgoing *datagrams,
                                       uint32_t count) {
  struct mmsghdr headers[SENT_AT_ONCE];
  struct iovec vectors[SENT_AT_ONCE];
  struct sockaddr_in addresses[SENT_AT_ONCE];
  union segments_info infos[SENT_AT_ONCE];
  uint32_t numbers[SENT_AT_ONCE];
  struct linux_sent result = {0, 0, 0};
  bool waited = false, joins = true;
  for (uint32_t next = 0; next < count;) {
    uint32_t messages = 0;
    const uint8_t *rest = bytes;
    for (uint32_t i = next; i < count && messages < SENT_AT_ONCE; i += numbers[messages++]) {
      numbers[messages] = joins ? neighbors(datagrams + i, count - i) : 1;
      size_t length = 0;
      for (uint32_t j = 0; j < numbers[messages]; j++) length += datagrams[i + j].count;
      addresses[messages] = socket_address(datagrams[i].peer, datagrams[i].port);
      vectors[messages] = (struct iovec){(void *)rest, length};
      struct msghdr *message = &headers[messages].msg_hdr;
      *message = (struct msghdr){.msg_name = &addresses[messages],
                                 .msg_namelen = sizeof addresses[messages],
                                 .msg_iov = &vectors[messages],
                                 .msg_iovlen = 1};
      choose_source(message, &infos[messages].source, datagrams[i].local, 0);
      if (numbers[messages] > 1) choose_segments(message, &infos[messages], (uint16_t)datagrams[i].count);
      rest += length;
    }
    int sent = send_some(socket, headers, messages, &waited);
    bool wasJoined = numbers[0] > 1;
    for (int i = 0; i < sent; i++) {
      bytes += vectors[i].iov_len;
      next += numbers[i];
      result.sent += numbers[i];
    }
    if (sent > 0) continue;
    // Too long for the way to be joined, or an interface without checksums: one by one, then.
    if (wasJoined) {
      joins = false;
      continue;
    }
    result.error = -sent;
    result.failed++;
    bytes += datagrams[next++].count;
  }
  return result;
}
