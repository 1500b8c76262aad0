// Counts what a server syncs, and can make each sync slow: preloaded before a server that calls libc's fsync and
// fdatasync. SYNC_COUNT names a file of eight bytes that holds the count; SYNC_DELAY_MS is added to each call.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static _Atomic int64_t *count;
static long delay_ms;
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void begin(void) {
  real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  const char *delay = getenv("SYNC_DELAY_MS");
  if (delay) delay_ms = atol(delay);
  const char *path = getenv("SYNC_COUNT");
  int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *page = mmap(NULL, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (page != MAP_FAILED) count = page;
  close(file);
}

static void note(void) {
  if (count) atomic_fetch_add(count, 1);
  if (delay_ms > 0) {
    struct timespec pause = {delay_ms / 1000, delay_ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
  }
}

int fsync(int file) {
  note();
  return real_fsync(file);
}

int fdatasync(int file) {
  note();
  return real_fdatasync(file);
}
