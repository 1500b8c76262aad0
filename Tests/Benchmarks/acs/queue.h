// Devices by when they are due.
#pragma once
#include "device.h"

struct queue {
  struct device **places;
  size_t count, room;
};

static void queue_add(struct queue *queue, struct device *device, double due) {
  if (queue->count == queue->room) {
    queue->room = queue->room * 2 + 1024;
    if (!(queue->places = realloc(queue->places, queue->room * sizeof *queue->places))) give_up("memory");
  }
  device->due = due;
  size_t place = queue->count++;
  for (size_t above; place && queue->places[above = (place - 1) / 2]->due > due; place = above)
    queue->places[place] = queue->places[above];
  queue->places[place] = device;
}

// When the first is due; far away where there is none.
static double queue_due(const struct queue *queue) { return queue->count ? queue->places[0]->due : 1e18; }

static struct device *queue_take(struct queue *queue) {
  struct device *first = queue->places[0], *last = queue->places[--queue->count];
  size_t place = 0;
  for (size_t below; (below = 2 * place + 1) < queue->count; place = below) {
    if (below + 1 < queue->count && queue->places[below + 1]->due < queue->places[below]->due) below++;
    if (queue->places[below]->due >= last->due) break;
    queue->places[place] = queue->places[below];
  }
  if (queue->count) queue->places[place] = last;
  return first;
}

// TR-069 section 3.2.1.1: the n-th wait is between m·2^(n-1) and m·2^n seconds, from the 10th on as the 10th.
static double retry_wait(double least, int retry) {
  double low = least * (double)(1 << ((retry > 10 ? 10 : retry) - 1));
  return low + low * dice();
}
