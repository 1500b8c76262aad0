// Calls of Linux that Swift cannot make by itself: those behind _GNU_SOURCE, control-message macros, variadics, netlink.
// Addresses and ports are in host order. What can fail returns a negative errno.
#ifndef CLINUX_H
#define CLINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Sockets (sockets.c)

// A nonblocking IPv4 socket; `device` may be null.
int linux_socket_open(bool stream, bool reuse_address, bool reuse_port, bool broadcast, int receive_buffer,
                      const char *device);
// Makes a datagram socket of one address as cheap as it gets: the kernel does not say where a datagram was sent to,
// and a call that receives waits for the first one, for so many milliseconds at most or until the socket is shut down.
int linux_socket_dedicate(int socket, int milliseconds);
void linux_socket_shut_down(int socket);
// From now on a datagram socket receives nothing; it still sends to whom it is told to.
int linux_socket_deafen(int socket);
// Datagrams to 255.255.255.255 are dropped by the kernel, before they take room in the socket's queue.
int linux_socket_refuse_broadcasts(int socket);
int linux_socket_bind(int socket, uint32_t address, uint16_t port);
int linux_socket_local(int socket, uint32_t *address, uint16_t *port);

// Sends one datagram; `local` and `interface_index` are chosen by the kernel where 0.
int linux_datagram_send(int socket, const uint8_t *bytes, size_t count, uint32_t peer, uint16_t port, uint32_t local,
                        uint32_t interface_index);

// One place of a batch: what was received, and room for the reply.
struct linux_datagram {
  uint8_t *input;
  uint8_t *output;
  uint32_t input_count;
  uint32_t output_count;  // 0: no reply
  uint32_t peer;
  uint32_t destination;  // the address in the header: ours, or a broadcast
  uint32_t local;        // the address of ours that a reply should come from
  uint32_t interface_index;
  uint16_t peer_port;
  bool truncated;
  bool may_be_lost;      // the reply goes by the second socket
};

struct linux_batch;
struct linux_batch *linux_batch_create(uint32_t capacity, uint32_t input_size, uint32_t output_size);
void linux_batch_destroy(struct linux_batch *batch);
struct linux_datagram *linux_batch_datagrams(struct linux_batch *batch);
// Receives what waits, up to the capacity: the number of datagrams, 0 where none waits. A dedicated socket waits.
int linux_batch_receive(struct linux_batch *batch, int socket);

struct linux_sent {
  uint32_t sent;
  uint32_t failed;
  int error;  // errno of the last that failed
};
// Sends the replies of the first `count` places. One that cannot be sent does not hold up the others. Those that may be
// lost go by the second socket, and are lost when its send buffer is full.
struct linux_sent linux_batch_send(struct linux_batch *batch, int socket, int second, uint32_t count);

// One datagram among many: `count` bytes, which follow those of the datagram before it. `local` may be 0.
struct linux_outgoing {
  uint32_t count;
  uint32_t peer;
  uint32_t local;
  uint16_t port;
};
// Sends datagrams in order. Neighbors of one size with one way go to the kernel as one (UDP_SEGMENT), where it takes
// that; the wire does not show it. One that cannot be sent does not hold up the others.
struct linux_sent linux_datagrams_send(int socket, const uint8_t *bytes, const struct linux_outgoing *datagrams,
                                       uint32_t count);

// ICMP echo (echo.c)

// A nonblocking raw socket that hears echo replies alone.
int linux_echo_open(void);
int linux_echo_send(int socket, uint32_t address, uint16_t identifier, uint16_t sequence);
// 1 with the next reply, 0 where none waits.
int linux_echo_receive(int socket, uint32_t *address, uint16_t *identifier, uint16_t *sequence);

// Interfaces (interfaces.c)

struct linux_interface {
  char name[16];
  uint32_t index;
  uint32_t mtu;
  uint32_t address;
  uint8_t prefix_length;
  bool has_address;
  bool is_up;
  bool has_carrier;
  bool is_loopback;
  bool has_hardware_address;
  uint8_t hardware_address[6];
};
// One row for each link, then one for each IPv4 address (with the link's name). The number of rows there are, which
// may be more than `capacity`.
int linux_interfaces(struct linux_interface *rows, size_t capacity);
// 1 or 0, as seen from the namespace of the socket.
int linux_interface_is_up(int socket, const char *name);
int linux_interface_set_up(const char *name, bool up);
int linux_address_change(uint32_t interface_index, uint32_t address, uint8_t prefix_length, bool add);
int linux_default_route_change(uint32_t interface_index, uint32_t gateway, bool add);

// The rest (system.c)

int linux_namespace_enter(const char *path);
int linux_wakeup_open(void);
void linux_thread_name(const char *name);
// Keeps the signals that end or reload the process away from the calling thread, so that they reach its main one.
void linux_thread_leave_signals(void);
// Milliseconds of CLOCK_BOOTTIME and of CLOCK_REALTIME; microseconds of CLOCK_MONOTONIC.
int64_t linux_boot_milliseconds(void);
int64_t linux_wall_milliseconds(void);
int64_t linux_monotonic_microseconds(void);
// Microseconds of a processor that the calling thread has had.
int64_t linux_thread_microseconds(void);
// Sends to a Unix datagram socket; a name that begins with '@' is abstract.
int linux_unix_send(const char *name, const uint8_t *bytes, size_t count);
int linux_file_open(const char *path, bool create, uint32_t mode);
int linux_directory_sync(const char *path);
// The descriptor of a file that is made where there is none, and held by this process alone (flock(2)) until it is
// closed; -EWOULDBLOCK where another holds it.
int linux_lock_take(const char *path);
// Opens a file of a folder for reading; `path` can lead out of the folder in no way, nor through a symbolic link.
// A folder that cannot be opened itself is told by `*is_folder`.
int linux_file_open_beneath(const char *folder, const char *path, bool *is_folder);
// Raises the number of descriptors that the process may have to `wanted`, as far as it may: what it is then.
int64_t linux_descriptors_allow(uint64_t wanted);
// How many processors the process may run on (sched_getaffinity(2)), 1 at least.
int linux_processors_usable(void);

// A set of descriptors to wait for (epoll(7)). Each has a token; closing it takes it out of the set.
int linux_poller_open(void);
int linux_poller_add(int poller, int descriptor, uint64_t token);
// Writes the tokens of those with something to read, and returns how many: 0 where the time is over or a signal came.
int linux_poller_wait(int poller, uint64_t *tokens, int capacity, int milliseconds);

#endif
