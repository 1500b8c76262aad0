// Simulated routers whose power comes back at once: each gets a lease, asks DNS for its ACS, and runs sessions with that
// until it is provisioned. One thread.
//
//   stormload -H ADDRESS -g ADDRESS [option…]
//
//   -H           the DHCP server
//   -g           the relay that the routers are behind; this host answers for it and for all leases (AnyIP)
//   -d 10000     routers; -f 1 is the number of the first
//   -W 0         seconds over which their starts are spread
//   -t 300       seconds after which those that are not provisioned are lost
//   -e 01        digits of the events that the first session tells
//   -G pcfbr     what makes a router provisioned, as acsload has it
//   -b 0         seconds that a reboot takes
//   -m 5         the least wait of a session's first retry, in seconds
//   -T 30        seconds after which a session has failed
//   -S FILE      what the routers were set to, before and after
//
// Waits double: 4, 8, 16 … s and one more or less for DHCP (RFC 2131 section 4.1), 3, 6, 12 … s for DNS, and
// 5-10, 10-20 … s for sessions (TR-069 section 3.2.1.1), or what Retry-After says. Prints lines of a name and a value.
#define _GNU_SOURCE
#include <getopt.h>

#include "lookup.h"
#include "queue.h"
#include "session.h"

enum state { dark, selecting, requesting, resolving, managing, settled };

struct router {
  // First, so that the one is found by the other.
  struct device device;
  struct session session;
  struct lease lease;
  enum state state;
  uint32_t transaction;
  int tries, dns_socket;
  uint16_t dns_id;
  // When it does something by itself; far away where it waits for what is in flight.
  double due;
};

static int router_count = 10000, events_told = 1 << bootstrap | 1 << boot, wanted_goals;
static uint32_t first_number = 1, server, relay;
static double spread, seconds = 300, reboot_time, least_wait = 5;
static const char *memory_file;
static struct router *routers;
static int relay_socket;
static double began;
static const double never = 1e18;

static long provisioned, sessions_done, dhcp_retries, dhcp_refusals, dns_retries, session_retries, failed, lease_changes;
static struct tally causes[tally_places];
static struct times lease_times, lookup_times, session_times, all_times;
static double last_provisioned;

// MARK: A lease

static void send_dhcp(struct router *router, int type) {
  uint8_t message[576];
  double moment = now();
  uint16_t elapsed = (uint16_t)(moment - router->device.began);
  size_t size =
      dhcp_message(message, type, &router->device, router->transaction, elapsed, relay, &router->lease);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(67), .sin_addr.s_addr = htonl(server)};
  sendto(relay_socket, message, size, 0, (struct sockaddr *)&to, sizeof to);
  int doublings = router->tries < 4 ? router->tries : 4;
  router->due = moment + 4.0 * (1 << doublings) + 2 * dice() - 1;
}

static void discover(struct router *router) {
  // The number of the router is in the lower bits, for the way back.
  router->transaction = ((uint32_t)random() << 20) | (uint32_t)(router - routers);
  router->state = selecting;
  send_dhcp(router, dhcp_discover);
}

static void look_up(struct router *router);

static void set_path(struct device *device, const char *path, const char *value) {
  set(device, leaf_of(path, strlen(path)), value, strlen(value));
}

static void take_lease(struct router *router, const struct lease *lease) {
  struct device *device = &router->device;
  add_time(&lease_times, now() - device->began);
  router->lease = *lease;
  if (device->address && device->address != lease->address) lease_changes++;
  device->address = lease->address;
  // What the ACS has set goes before what DHCP tells.
  if (lease->url[0] && !set_value_of(device, ROOT "ManagementServer.URL", NULL)) {
    set_path(device, ROOT "ManagementServer.URL", lease->url);
    set_path(device, ROOT "ManagementServer.Username", lease->username);
    set_path(device, ROOT "ManagementServer.Password", lease->password);
  }
  router->tries = 0;
  look_up(router);
}

static void receive_dhcp(void) {
  uint8_t message[2048];
  for (ssize_t size; (size = recv(relay_socket, message, sizeof message, 0)) > 0;) {
    struct lease lease;
    if (!lease_read(&lease, message, (size_t)size)) continue;
    uint32_t place = lease.transaction & 0xfffff;
    if (place >= (uint32_t)router_count || routers[place].transaction != lease.transaction) continue;
    struct router *router = &routers[place];
    if (router->state == selecting && lease.type == dhcp_offer) {
      router->lease = lease;
      router->state = requesting;
      router->tries = 0;
      send_dhcp(router, dhcp_request);
    } else if (router->state == requesting && lease.type == dhcp_ack) {
      take_lease(router, &lease);
    } else if (router->state == requesting && lease.type == dhcp_nak) {
      dhcp_refusals++;
      router->tries = 0;
      discover(router);
    }
  }
}

// MARK: The name of the ACS

static char acs_host[256], acs_path[256] = "/";

static bool read_url(const char *url) {
  unsigned port = 80;
  if (sscanf(url, "http://%255[^:/]", acs_host) != 1) return false;
  const char *rest = url + strlen("http://") + strlen(acs_host);
  if (*rest == ':') port = (unsigned)strtoul(rest + 1, NULL, 10);
  if ((rest = strchr(rest, '/'))) snprintf(acs_path, sizeof acs_path, "%s", rest);
  acs.host = acs_host;
  acs.path = acs_path;
  acs.port = (uint16_t)port;
  return true;
}

static void look_up(struct router *router) {
  const char *path = ROOT "ManagementServer.URL";
  router->state = resolving;
  router->due = now() + 3.0 * (1 << (router->tries < 4 ? router->tries : 4));
  if (!read_url(set_value_of(&router->device, path, ""))) {
    count_name(causes, "no URL");
    return;
  }
  if (router->dns_socket < 0) {
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(router->device.address)};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(router->lease.dns)};
    // The lowest bit tells it from a session.
    struct epoll_event events = {.events = EPOLLIN, .data.u64 = (uint64_t)(uintptr_t)router | 1};
    router->dns_socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (router->dns_socket < 0 || bind(router->dns_socket, (struct sockaddr *)&from, sizeof from) ||
        connect(router->dns_socket, (struct sockaddr *)&to, sizeof to) ||
        epoll_ctl(poller, EPOLL_CTL_ADD, router->dns_socket, &events))
      give_up("stormload: a socket for DNS");
  }
  uint8_t message[300];
  router->dns_id = (uint16_t)random();
  size_t size = dns_question(message, router->dns_id, acs_host);
  send(router->dns_socket, message, size, 0);
}

static void manage(struct router *router) {
  router->state = managing;
  router->due = never;
  session_begin(&router->session, &router->device, now());
}

static void receive_dns(struct router *router) {
  uint8_t message[1500];
  ssize_t size = recv(router->dns_socket, message, sizeof message, 0);
  if (size < 0) return;
  uint32_t address = dns_answer(message, (size_t)size, router->dns_id);
  // An answer without an address is asked for again when the time of the question is over.
  if (!address || router->state != resolving) return;
  close(router->dns_socket);
  router->dns_socket = -1;
  acs.address = htonl(address);
  add_time(&lookup_times, now() - router->device.began);
  manage(router);
}

// MARK: Sessions

static void session_ended(struct session *session, bool was_fetch, const char *cause, int wait) {
  struct router *router = (struct router *)session->device;
  struct device *device = session->device;
  double moment = now();
  if (cause) {
    failed++;
    session_retries++;
    count_name(causes, cause);
    device->retries++;
    router->due = moment + (wait >= 0 ? wait + dice() : retry_wait(least_wait, device->retries));
    return;
  }
  if (!was_fetch) {
    sessions_done++;
    add_time(&session_times, moment - session->begun);
    if ((device->goals & wanted_goals) == wanted_goals) {
      provisioned++;
      last_provisioned = moment;
      add_time(&all_times, moment - device->began);
      router->state = settled;
      router->due = never;
      return;
    }
  }
  if (device->url || device->events) {
    router->due = moment + (device->events & 1 << m_reboot ? reboot_time : 0);
    return;
  }
  // The ACS has it wait: it comes again when its periodic Inform is due.
  device->events = 1 << periodic;
  router->due = moment + atof(set_value_of(device, ROOT "ManagementServer.PeriodicInformInterval", "600"));
}

static void tick(struct router *router) {
  switch (router->state) {
  case dark: discover(router); break;
  case selecting:
    dhcp_retries++;
    router->tries++;
    send_dhcp(router, dhcp_discover);
    break;
  case requesting:
    dhcp_retries++;
    if (++router->tries <= 4) {
      send_dhcp(router, dhcp_request);
    } else {
      router->tries = 0;
      discover(router);
    }
    break;
  case resolving:
    dns_retries++;
    router->tries++;
    look_up(router);
    break;
  case managing: manage(router); break;
  case settled: break;
  }
}

// MARK: The run

static void handle(const struct epoll_event *event) {
  uint64_t mark = event->data.u64;
  if (!mark)
    receive_dhcp();
  else if (mark & 1)
    receive_dns((struct router *)(uintptr_t)(mark & ~(uint64_t)1));
  else
    session_event(event->data.ptr, event->events);
}

static void run(void) {
  static struct epoll_event events[512];
  double looked = 0;
  while (provisioned < router_count && now() < began + seconds) {
    int count = epoll_wait(poller, events, 512, 10);
    for (int i = 0; i < count; i++) handle(&events[i]);
    double moment = now();
    if (moment - looked < 0.01) continue;
    looked = moment;
    for (int i = 0; i < router_count; i++) {
      if (routers[i].due <= moment) tick(&routers[i]);
      session_expire(&routers[i].session, moment);
      // Answers do not wait until all have begun.
      if (i % 100 == 99) receive_dhcp();
    }
  }
}

static void print_results(void) {
  printf("routers %d\nprovisioned %ld\nlost %ld\n", router_count, provisioned, router_count - provisioned);
  printf("last_provisioned_s %.3f\nseconds %.3f\n", provisioned ? last_provisioned - began : 0, now() - began);
  print_times(&lease_times, "lease_", "s", 1);
  print_times(&lookup_times, "lookup_", "s", 1);
  print_times(&all_times, "provisioned_", "s", 1);
  print_times(&session_times, "session_", "ms", 1000);
  print_times(&answer_times, "answer_", "ms", 1000);
  printf("leases %zu\nlookups %zu\nsessions %ld\n", lease_times.count, lookup_times.count, sessions_done);
  printf("dhcp_retries %ld\ndhcp_refusals %ld\ndns_retries %ld\n", dhcp_retries, dhcp_refusals, dns_retries);
  printf("failed %ld\nsession_retries %ld\nunavailable %ld\n", failed, session_retries, unavailable_seen);
  printf("lease_changes %ld\nrequests %ld\nconnections %ld\n", lease_changes, http_requests, connections);
  print_tally(causes, "failed");
  print_tally(requests_seen, "asked");
}

static uint32_t address_of(const char *text) {
  struct in_addr read;
  if (inet_pton(AF_INET, text, &read) != 1) {
    fprintf(stderr, "stormload: %s is no IPv4 address\n", text);
    exit(2);
  }
  return ntohl(read.s_addr);
}

static void open_relay(void) {
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(67), .sin_addr.s_addr = htonl(relay)};
  int room = 32 << 20;
  struct epoll_event events = {.events = EPOLLIN, .data.u64 = 0};
  relay_socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  setsockopt(relay_socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  if (bind(relay_socket, (struct sockaddr *)&own, sizeof own) ||
      epoll_ctl(poller, EPOLL_CTL_ADD, relay_socket, &events))
    give_up("stormload: the relay's socket");
}

int main(int count, char **words) {
  const char *digits = "01", *letters = "pcfbr", known[] = "pcfbr";
  for (int option; (option = getopt(count, words, "H:g:d:f:W:t:e:G:b:m:T:S:")) != -1;) {
    switch (option) {
    case 'H': server = address_of(optarg); break;
    case 'g': relay = address_of(optarg); break;
    case 'd': router_count = atoi(optarg); break;
    case 'f': first_number = (uint32_t)atol(optarg); break;
    case 'W': spread = atof(optarg); break;
    case 't': seconds = atof(optarg); break;
    case 'e': digits = optarg; break;
    case 'G': letters = optarg; break;
    case 'b': reboot_time = atof(optarg); break;
    case 'm': least_wait = atof(optarg); break;
    case 'T': acs.patience = atof(optarg); break;
    case 'S': memory_file = optarg; break;
    default: return 2;
    }
  }
  if (!server || !relay || router_count < 1 || router_count > 100000 || seconds <= 0 || seconds > 7200) {
    fprintf(stderr, "stormload: see the head of stormload.c for the options and their bounds\n");
    return 2;
  }
  events_told = 0;
  for (; *digits; digits++)
    if (*digits >= '0' && *digits <= '9') events_told |= 1 << (*digits - '0');
  for (; *letters; letters++) {
    const char *place = strchr(known, *letters);
    if (place) wanted_goals |= 1 << (place - known);
  }
  allow_sockets();
  srandom((unsigned)time(NULL));
  if ((poller = epoll_create1(EPOLL_CLOEXEC)) < 0) give_up("epoll");
  open_relay();
  routers = reserve((size_t)router_count, sizeof *routers);
  struct device *devices = reserve((size_t)router_count, sizeof *devices);
  for (int i = 0; i < router_count; i++) devices[i].number = first_number + (uint32_t)i;
  if (memory_file) load_devices(memory_file, devices, router_count);
  began = now();
  for (int i = 0; i < router_count; i++) {
    struct router *router = &routers[i];
    router->device = devices[i];
    router->device.events = (uint16_t)events_told;
    router->session.socket = router->dns_socket = -1;
    router->device.began = router->due = began + spread * dice();
  }
  run();
  print_results();
  for (int i = 0; i < router_count; i++) devices[i] = routers[i].device;
  if (memory_file) save_devices(memory_file, devices, router_count);
  return provisioned == router_count ? 0 : 1;
}
