// Texts that grow, the clock, names that are counted, and times that are ranked.
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static void give_up(const char *what) {
  perror(what);
  exit(2);
}

static void *reserve(size_t count, size_t size) {
  void *room = calloc(count ? count : 1, size);
  if (!room) give_up("memory");
  return room;
}

// Seconds, from some moment on.
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double dice(void) { return (double)random() / ((double)RAND_MAX + 1); }

// A NUL follows its bytes.
struct text {
  char *bytes;
  size_t size, room;
};

static void text_room(struct text *text, size_t more) {
  if (text->size + more < text->room) return;
  text->room = text->size + more + 1 + text->room / 2;
  if (!(text->bytes = realloc(text->bytes, text->room))) give_up("memory");
}

static void put_bytes(struct text *text, const char *bytes, size_t size) {
  text_room(text, size);
  memcpy(text->bytes + text->size, bytes, size);
  text->size += size;
  text->bytes[text->size] = 0;
}

static void put(struct text *text, const char *string) { put_bytes(text, string, strlen(string)); }

__attribute__((format(printf, 2, 3))) static void putf(struct text *text, const char *format, ...) {
  va_list arguments;
  for (;;) {
    size_t room = text->room - text->size;
    va_start(arguments, format);
    int size = vsnprintf(room ? text->bytes + text->size : NULL, room, format, arguments);
    va_end(arguments);
    if (size < 0) give_up("format");
    if ((size_t)size < room) {
      text->size += (size_t)size;
      return;
    }
    text_room(text, (size_t)size);
  }
}

static void text_clear(struct text *text) {
  text->size = 0;
  if (text->bytes) text->bytes[0] = 0;
}

// What a connection that rests does not need.
static void text_free(struct text *text) {
  free(text->bytes);
  *text = (struct text){0};
}

// How often each name was seen; beyond the last place names share one.
enum { tally_places = 48 };
struct tally {
  char name[64];
  long count;
};

static void count_name(struct tally *tally, const char *name) {
  for (int i = 0; i < tally_places; i++) {
    if (!tally[i].count) snprintf(tally[i].name, sizeof tally[i].name, "%s", i == tally_places - 1 ? "other" : name);
    if (i < tally_places - 1 && strncmp(tally[i].name, name, sizeof tally[i].name - 1)) continue;
    tally[i].count++;
    return;
  }
}

static void print_tally(const struct tally *tally, const char *title) {
  for (int i = 0; i < tally_places && tally[i].count; i++) printf("%s[%s] %ld\n", title, tally[i].name, tally[i].count);
}

struct times {
  float *seconds;
  size_t count, room;
};

static void add_time(struct times *times, double seconds) {
  if (times->count == times->room) {
    times->room = times->room * 2 + 1024;
    if (!(times->seconds = realloc(times->seconds, times->room * sizeof *times->seconds))) give_up("memory");
  }
  times->seconds[times->count++] = (float)seconds;
}

static int compare_times(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

// Mean, 50th, 90th and 99th percentile and longest, as lines `PREFIXmean_UNIT` and so on.
static void print_times(struct times *times, const char *prefix, const char *unit, double scale) {
  double sum = 0;
  if (times->count) qsort(times->seconds, times->count, sizeof *times->seconds, compare_times);
  for (size_t i = 0; i < times->count; i++) sum += times->seconds[i];
  const struct {
    const char *name;
    double share;
  } ranks[] = {{"p50", .5}, {"p90", .9}, {"p99", .99}, {"max", 1}};
  printf("%smean_%s %.3f\n", prefix, unit, times->count ? scale * sum / (double)times->count : 0);
  for (int i = 0; i < 4; i++) {
    double value = times->count ? times->seconds[(size_t)((double)(times->count - 1) * ranks[i].share)] : 0;
    printf("%s%s_%s %.3f\n", prefix, ranks[i].name, unit, scale * value);
  }
}
