// Stands between libFuzzer and a target: an input that takes the processor longer than it may is a finding, as a crash
// is. Linked with --wrap=LLVMFuzzerTestOneInput.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int __real_LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double setting(const char *name) {
  const char *text = getenv(name);
  return text != NULL ? atof(text) : 0;
}

int __wrap_LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  static double base, each_kilobyte, longest;
  if (base == 0) {
    base = setting("SLOW_MICROSECONDS");
    each_kilobyte = setting("SLOW_MICROSECONDS_PER_KB");
  }
  double limit = base + each_kilobyte * (double)count / 1024;
  double least = 0;
  int result = 0;
  // What makes a run slow that is not the input's, such as the first use of something, is not there in all of them.
  for (int run = 0; run < 5; run++) {
    double start = microseconds();
    result = __real_LLVMFuzzerTestOneInput(bytes, count);
    double time = microseconds() - start;
    if (run == 0 || time < least) least = time;
    if (base == 0 || least <= limit) break;
  }
  if (base == 0) return result;
  if (least / limit > longest) {
    longest = least / limit;
    fprintf(stderr, "slowest: %.0f us of %.0f us for %zu bytes\n", least, limit, count);
  }
  if (least > limit) {
    fprintf(stderr, "SLOW: %.0f us for %zu bytes, and %.0f us are allowed\n", least, count, limit);
    abort();
  }
  return result;
}
