#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int linux_namespace_enter(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  int result = setns(fd, CLONE_NEWNET) ? -errno : 0;
  close(fd);
  return result;
}

int linux_wakeup_open(void) {
  int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return fd < 0 ? -errno : fd;
}

void linux_thread_name(const char *name) {
  char short_name[16] = {0};
  strncpy(short_name, name, sizeof short_name - 1);
  pthread_setname_np(pthread_self(), short_name);
}

void linux_thread_leave_signals(void) {
  static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD, SIGPIPE};
  sigset_t set;
  sigemptyset(&set);
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaddset(&set, signals[i]);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static int64_t nanoseconds(clockid_t clock) {
  struct timespec now = {0, 0};
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t linux_boot_milliseconds(void) { return nanoseconds(CLOCK_BOOTTIME) / 1000000; }

int64_t linux_wall_milliseconds(void) { return nanoseconds(CLOCK_REALTIME) / 1000000; }

int64_t linux_monotonic_microseconds(void) { return nanoseconds(CLOCK_MONOTONIC) / 1000; }

int64_t linux_thread_microseconds(void) { return nanoseconds(CLOCK_THREAD_CPUTIME_ID) / 1000; }

int linux_unix_send(const char *name, const uint8_t *bytes, size_t count) {
  struct sockaddr_un to;
  size_t length = strlen(name);
  if (length == 0 || length >= sizeof to.sun_path) return -ENAMETOOLONG;
  memset(&to, 0, sizeof to);
  to.sun_family = AF_UNIX;
  memcpy(to.sun_path, name, length);
  if (to.sun_path[0] == '@') to.sun_path[0] = 0;
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
  ssize_t sent = sendto(fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&to, size);
  int result = sent < 0 ? -errno : 0;
  close(fd);
  return result;
}

int linux_file_open(const char *path, bool create, uint32_t mode) {
  int flags = create ? O_WRONLY | O_CREAT | O_EXCL : O_RDONLY | O_NONBLOCK;
  int fd = open(path, flags | O_CLOEXEC, mode);
  return fd < 0 ? -errno : fd;
}

int linux_lock_take(const char *path) {
  int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
  if (fd < 0) return -errno;
  if (!flock(fd, LOCK_EX | LOCK_NB)) return fd;
  int result = -errno;
  close(fd);
  return result;
}

int linux_file_open_beneath(const char *folder, const char *path, bool *is_folder) {
  // The folder's own name is the operator's, and may be a link.
  int root = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  *is_folder = root < 0;
  if (root < 0) return -errno;
  struct open_how how;
  memset(&how, 0, sizeof how);
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  how.flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
  int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
  int result = fd < 0 ? -errno : fd;
  close(root);
  return result;
}

int64_t linux_descriptors_allow(uint64_t wanted) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit)) return -errno;
  if (limit.rlim_cur < wanted && limit.rlim_cur < limit.rlim_max) {
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit)) limit.rlim_cur = before;
  }
  return limit.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)limit.rlim_cur;
}

int linux_poller_open(void) {
  int fd = epoll_create1(EPOLL_CLOEXEC);
  return fd < 0 ? -errno : fd;
}

int linux_poller_add(int poller, int descriptor, uint64_t token) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = token};
  return epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) ? -errno : 0;
}

int linux_poller_wait(int poller, uint64_t *tokens, int capacity, int milliseconds) {
  struct epoll_event events[128];
  int room = capacity < 128 ? capacity : 128;
  int count = epoll_wait(poller, events, room, milliseconds);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++) tokens[i] = events[i].data.u64;
  return count;
}

int linux_directory_sync(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -errno;
  int result = fsync(fd) ? -errno : 0;
  close(fd);
  return result;
}

int linux_processors_usable(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  int count = CPU_COUNT(&set);
  return count > 0 ? count : 1;
}
