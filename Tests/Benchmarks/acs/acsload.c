// Simulated routers for any ACS: CWMP sessions, as many as wanted, by one thread.
//
//   acsload -H ADDRESS [option…]
//
//   -H -p -P     the ACS: address, port (7547), path (/acs)
//   -c 10        sessions at once, each with a connection
//   -d 1000      routers; -f 1 is the number of the first
//   -n COUNT     first sessions in all; 0 for as many as fit into the time
//   -t 10        seconds; with -n, at most so many
//   -r RATE      first sessions a second, whose time is from when they were due; 0 for as fast as it goes
//   -e 2         digits of the events that a first session tells: 0 BOOTSTRAP, 1 BOOT, 2 PERIODIC …
//   -B ADDRESS   the address of the router 0: each has its own, which the host must take for its own (AnyIP);
//                0.0.0.0 for the host's address, as without
//   -k           connections are kept for the next session, whosever it is; not with -B
//   -o           nonces are kept for a router's next session
//   -u -w        user name and password until the ACS sets others
//   -R           a router whose session failed comes again, as TR-069 has it, or when Retry-After says; -m 5 is the
//                least wait in seconds, and -M 20 how often
//   -T 30        seconds after which a session has failed
//   -X           a router says nothing more after the answer to its Inform, until -T is over
//   -G LETTERS   what makes a router provisioned: periodic Inform set, credentials set, file fetched, booted, read back
//   -b 0         seconds that a reboot takes
//   -S FILE      what the routers were set to, before and after
//
// A session that has the router fetch a file, or reboot, is followed by what comes of it. Prints lines of a name and a
// value.
#define _GNU_SOURCE
#include <getopt.h>

#include "queue.h"
#include "session.h"

static int slots = 10, device_count = 1000, most_retries = 20, events_told = 1 << periodic, wanted_goals;
static uint32_t first_number = 1, first_address;
static long wanted;
static double seconds = 10, rate, least_wait = 5, reboot_time;
static bool retries;
static const char *memory_file;

static struct device *devices;
static struct session *sessions;
static struct session **resting_sessions;
static int resting_count;
static struct queue queue;

static long started, done, failed, given_up, retried, provisioned, fetched;
static struct tally causes[tally_places];
static struct times session_times, device_times;
static double began, last_provisioned, last_done;

static void session_ended(struct session *session, bool was_fetch, const char *cause, int wait) {
  struct device *device = session->device;
  double moment = now();
  resting_sessions[resting_count++] = session;
  device->is_busy = false;
  if (cause) {
    failed++;
    count_name(causes, cause);
    if (!retries || device->retries >= most_retries) {
      given_up++;
      return;
    }
    device->retries++;
    retried++;
    device->is_busy = true;
    queue_add(&queue, device, moment + (wait >= 0 ? wait + dice() : retry_wait(least_wait, device->retries)));
    return;
  }
  if (was_fetch) {
    fetched++;
  } else {
    done++;
    last_done = moment;
    add_time(&session_times, moment - session->begun);
    if (!device->is_done && wanted_goals && (device->goals & wanted_goals) == wanted_goals) {
      device->is_done = true;
      provisioned++;
      last_provisioned = moment;
      add_time(&device_times, moment - device->began);
    }
  }
  if (!device->url && !device->events) return;
  device->is_busy = true;
  queue_add(&queue, device, moment + (device->events & 1 << m_reboot ? reboot_time : 0));
}

// The next router that is not in a session; nil where all are.
static struct device *next_device(void) {
  static int place;
  for (int i = 0; i < device_count; i++) {
    struct device *device = &devices[place];
    place = (place + 1) % device_count;
    if (!device->is_busy) return device;
  }
  return NULL;
}

static struct session *take_slot(void) { return resting_sessions[--resting_count]; }

// Begins what is due, as far as there are slots; returns when to look again.
static double begin_sessions(double moment, double end) {
  while (resting_count && queue_due(&queue) <= moment) {
    struct device *device = queue_take(&queue);
    session_begin(take_slot(), device, device->due);
  }
  double next = queue_due(&queue);
  while (resting_count && moment < end && (!wanted || started < wanted)) {
    double due = rate > 0 ? began + (double)started / rate : moment;
    if (due > moment) return due < next ? due : next;
    struct device *device = next_device();
    if (!device) break;
    started++;
    device->is_busy = true;
    device->began = due;
    device->events = (uint16_t)events_told;
    session_begin(take_slot(), device, due);
  }
  return next;
}

static void run(void) {
  static struct epoll_event events[512];
  double end = began + seconds, checked = began;
  for (;;) {
    double moment = now();
    bool is_over = moment >= end || (wanted && started >= wanted);
    bool is_idle = resting_count == slots && (!queue.count || moment >= end);
    // Sessions under way at the end have three seconds more.
    if (is_over && (is_idle || moment >= end + 3)) return;
    double next = begin_sessions(moment, end);
    double wait = next - moment;
    int milliseconds = wait > 0.1 ? 100 : wait <= 0 ? (resting_count ? 0 : 100) : (int)(wait * 1000) + (rate > 0 ? 0 : 1);
    int count = epoll_wait(poller, events, 512, milliseconds);
    for (int i = 0; i < count; i++) session_event(events[i].data.ptr, events[i].events);
    if ((moment = now()) - checked < 0.2) continue;
    checked = moment;
    for (int i = 0; i < slots; i++) session_expire(&sessions[i], moment);
  }
}

static void print_results(void) {
  double took = now() - began;
  printf("sessions %ld\nfailed %ld\nretried %ld\ngiven_up %ld\n", done, failed, retried, given_up);
  printf("under_way %ld\nseconds %.3f\nsessions_per_s %.1f\n", (long)(slots - resting_count), took, (double)done / took);
  print_times(&session_times, "", "ms", 1000);
  printf("requests %ld\nconnections %ld\nchallenges %ld\n", http_requests, connections, challenges_seen);
  print_times(&answer_times, "answer_", "ms", 1000);
  printf("unavailable %ld\nfetched %ld\n", unavailable_seen, fetched);
  if (wanted_goals) {
    printf("provisioned %ld\nlast_provisioned_s %.3f\n", provisioned, provisioned ? last_provisioned - began : 0);
    print_times(&device_times, "device_", "s", 1);
  }
  print_tally(causes, "failed");
  print_tally(requests_seen, "asked");
}

static void read_events(const char *digits) {
  events_told = 0;
  for (; *digits; digits++)
    if (*digits >= '0' && *digits <= '9') events_told |= 1 << (*digits - '0');
}

static void read_goals(const char *letters) {
  static const char known[] = "pcfbr";
  for (; *letters; letters++) {
    const char *place = strchr(known, *letters);
    if (place) wanted_goals |= 1 << (place - known);
  }
}

static void read_address(const char *text, uint32_t *address) {
  struct in_addr read;
  if (inet_pton(AF_INET, text, &read) != 1) {
    fprintf(stderr, "acsload: %s is no IPv4 address\n", text);
    exit(2);
  }
  *address = read.s_addr;
}

int main(int count, char **words) {
  acs.port = 7547;
  for (int option; (option = getopt(count, words, "H:p:P:c:d:f:n:t:r:e:B:kou:w:Rm:M:T:G:b:S:X")) != -1;) {
    switch (option) {
    case 'H': read_address(acs.host = optarg, &acs.address); break;
    case 'p': acs.port = (uint16_t)atoi(optarg); break;
    case 'P': acs.path = optarg; break;
    case 'c': slots = atoi(optarg); break;
    case 'd': device_count = atoi(optarg); break;
    case 'f': first_number = (uint32_t)atol(optarg); break;
    case 'n': wanted = atol(optarg); break;
    case 't': seconds = atof(optarg); break;
    case 'r': rate = atof(optarg); break;
    case 'e': read_events(optarg); break;
    case 'B':
      read_address(optarg, &first_address);
      first_address = ntohl(first_address);
      break;
    case 'k': acs.keeps_connections = true; break;
    case 'o': acs.keeps_nonces = true; break;
    case 'u': acs.username = optarg; break;
    case 'w': acs.password = optarg; break;
    case 'R': retries = true; break;
    case 'm': least_wait = atof(optarg); break;
    case 'M': most_retries = atoi(optarg); break;
    case 'T': acs.patience = atof(optarg); break;
    case 'G': read_goals(optarg); break;
    case 'b': reboot_time = atof(optarg); break;
    case 'S': memory_file = optarg; break;
    case 'X': acs.leaves = true; break;
    default: return 2;
    }
  }
  if (!acs.host || slots < 1 || slots > 50000 || device_count < 1 || device_count > 1000000 || seconds <= 0 ||
      seconds > 7200 || (acs.keeps_connections && first_address)) {
    fprintf(stderr, "acsload: see the head of acsload.c for the options and their bounds\n");
    return 2;
  }
  allow_sockets();
  srandom((unsigned)time(NULL));
  devices = reserve((size_t)device_count, sizeof *devices);
  sessions = reserve((size_t)slots, sizeof *sessions);
  resting_sessions = reserve((size_t)slots, sizeof *resting_sessions);
  if ((poller = epoll_create1(EPOLL_CLOEXEC)) < 0) give_up("epoll");
  for (int i = 0; i < device_count; i++) {
    devices[i].number = first_number + (uint32_t)i;
    if (first_address) devices[i].address = first_address + devices[i].number;
  }
  for (int i = 0; i < slots; i++) {
    sessions[i].socket = -1;
    resting_sessions[resting_count++] = &sessions[slots - 1 - i];
  }
  if (memory_file) load_devices(memory_file, devices, device_count);
  began = now();
  run();
  print_results();
  if (memory_file) save_devices(memory_file, devices, device_count);
  return done ? 0 : 1;
}
