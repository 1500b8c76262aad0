// A router's sessions with its ACS: a connection, HTTP on it, and CWMP on that; and the file that a Download names.
//
// The program that includes this begins sessions, hands over the events of the sockets, and is told of each end. Bounds:
// the time of a session, its requests, and the bytes of an answer.
#pragma once
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "soap.h"

enum { request_limit = 200, answer_limit = 4 << 20, head_limit = 32 << 10, challenge_limit = 2, fetch_limit = 3 };

enum stage {
  resting,
  informing,       // the Inform is sent
  completing,      // a TransferComplete is sent
  answering,       // an empty POST, or the answer to a request, is sent
  fetching,        // a file
};

struct session {
  int socket;  // -1: none
  struct device *device;
  enum stage stage;
  struct text in, out, body;
  size_t sent;
  double begun, deadline, asked;
  char username[128], password[128], cookie[192];
  int requests, challenges;
  uint32_t peer;  // of the socket, in the order of the network
  uint16_t peer_port;
  bool is_used, is_repeated, reboots, has_read, ends_connection;
};

// What all sessions have in common; set once.
static struct {
  uint32_t address;  // in the order of the network
  uint16_t port;
  const char *host, *path, *username, *password;
  double patience;
  // `leaves`: says nothing more after the answer to its Inform, until its time is over.
  bool keeps_connections, keeps_nonces, leaves;
} acs = {.path = "/acs", .username = "usher", .password = "", .patience = 30};

static int poller;
static long http_requests, connections, challenges_seen, unavailable_seen;
static struct tally requests_seen[tally_places];
// From each request to the last byte of its answer; those that were sent away with 503 are among them.
static struct times answer_times;

// `cause` is nil where the session, or the fetch of a file, ended well; `wait` is what a Retry-After asks for, or -1.
static void session_ended(struct session *session, bool was_fetch, const char *cause, int wait);

static void disconnect(struct session *session) {
  if (session->socket >= 0) close(session->socket);
  session->socket = -1;
  text_free(&session->in);
  session->is_used = false;
}

static void end_session(struct session *session, const char *cause, int wait) {
  bool was_fetch = session->stage == fetching;
  session->stage = resting;
  if (session->reboots) {
    session->device->events |= 1 << boot | 1 << m_reboot;
    session->device->goals |= goal_boot;
  }
  text_free(&session->body);
  if (cause || session->ends_connection || !acs.keeps_connections) disconnect(session);
  if (session->socket < 0) text_free(&session->out);
  session_ended(session, was_fetch, cause, wait);
}

static bool open_connection(struct session *session, uint32_t address, uint16_t port) {
  if (session->socket >= 0 && session->peer == address && session->peer_port == port) return true;
  disconnect(session);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = address};
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(session->device->address)};
  int yes = 1;
  session->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (session->socket < 0) return false;
  setsockopt(session->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(session->socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  struct epoll_event events = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = session};
  if ((session->device->address && bind(session->socket, (struct sockaddr *)&from, sizeof from)) ||
      (connect(session->socket, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) ||
      epoll_ctl(poller, EPOLL_CTL_ADD, session->socket, &events)) {
    int reason = errno;
    disconnect(session);
    errno = reason;
    return false;
  }
  session->peer = address;
  session->peer_port = port;
  connections++;
  return true;
}

static void transmit(struct session *session) {
  while (session->socket >= 0 && session->sent < session->out.size) {
    ssize_t size =
        send(session->socket, session->out.bytes + session->sent, session->out.size - session->sent, MSG_NOSIGNAL);
    if (size < 0) return;  // what is wrong comes as an event
    session->sent += (size_t)size;
  }
}

// Sends what is in `out`, on a new connection where there is none.
static void send_request(struct session *session, uint32_t address, uint16_t port) {
  session->sent = 0;
  if (!open_connection(session, address, port)) {
    end_session(session, strerror(errno), -1);
    return;
  }
  transmit(session);
}

static void post(struct session *session) {
  struct text *out = &session->out;
  text_clear(out);
  putf(out, "POST %s HTTP/1.1\r\nHost: %s:%u\r\nUser-Agent: Comware-CWMP\r\n", acs.path, acs.host, acs.port);
  if (session->body.size) put(out, "Content-Type: text/xml; charset=\"utf-8\"\r\nSOAPAction: \r\n");
  if (session->cookie[0]) putf(out, "Cookie: %s\r\n", session->cookie);
  if (session->device->challenge.nonce[0])
    put_authorization(out, &session->device->challenge, "POST", acs.path, session->username, session->password);
  putf(out, "Content-Length: %zu\r\n\r\n", session->body.size);
  if (session->body.size) put_bytes(out, session->body.bytes, session->body.size);
  http_requests++;
  session->is_repeated = false;
  session->asked = now();
  send_request(session, acs.address, acs.port);
}

// The file that a Download named; its host is an address, or else the ACS is meant.
static void fetch(struct session *session) {
  char host[256] = "";
  unsigned port = 80;
  const char *url = session->device->url + strlen("http://"), *path = strchr(url, '/');
  snprintf(host, sizeof host, "%.*s", (int)strcspn(url, ":/"), url);
  const char *colon = strchr(url, ':');
  if (colon && path && colon < path) port = (unsigned)atoi(colon + 1);
  struct in_addr address;
  if (inet_pton(AF_INET, host, &address) != 1) address.s_addr = acs.address;
  text_clear(&session->out);
  putf(&session->out, "GET %s HTTP/1.1\r\nHost: %s:%u\r\nUser-Agent: Comware-CWMP\r\n\r\n", path ? path : "/", host, port);
  http_requests++;
  session->is_repeated = false;
  send_request(session, address.s_addr, (uint16_t)port);
}

// It is over with a file; 0 for no fault.
static void end_fetches(struct device *device, int fault) {
  device->transfer_fault = fault;
  free(device->url);
  device->url = NULL;
  device->events |= 1 << transfer_complete | 1 << m_download;
}

static const char *set_value_of(const struct device *device, const char *path, const char *otherwise) {
  const char *value = set_value(device, leaf_of(path, strlen(path)));
  return value ? value : otherwise;
}

static long message_number;

// Begins what the device is to do next: fetch a file, or a session of its events.
static void session_begin(struct session *session, struct device *device, double due) {
  if (session->device != device && device->address) disconnect(session);
  session->device = device;
  session->begun = due;
  session->deadline = now() + acs.patience;
  session->cookie[0] = 0;
  session->requests = session->challenges = 0;
  session->reboots = session->has_read = session->ends_connection = false;
  // 9015: the file server cannot be reached.
  if (device->url && device->fetches == fetch_limit) end_fetches(device, 9015);
  if (device->url) {
    session->stage = fetching;
    device->fetches++;
    fetch(session);
    return;
  }
  const char *username = set_value_of(device, ROOT "ManagementServer.Username", acs.username);
  const char *password = set_value_of(device, ROOT "ManagementServer.Password", acs.password);
  snprintf(session->username, sizeof session->username, "%s", username);
  snprintf(session->password, sizeof session->password, "%s", password);
  if (!acs.keeps_nonces) device->challenge.nonce[0] = 0;
  session->stage = informing;
  put_inform(&session->body, device, ++message_number);
  post(session);
}

static void finish(struct session *session) {
  struct device *device = session->device;
  device->events = 0;
  device->retries = 0;
  if (session->has_read) device->goals |= goal_read;
  end_session(session, NULL, -1);
}

static void on_message(struct session *session, const char *document) {
  struct message message;
  struct device *device = session->device;
  if (!message_read(&message, document)) {
    end_session(session, "no SOAP body", -1);
    return;
  }
  switch (session->stage) {
  case informing:
    if (strcmp(message.name, "InformResponse")) {
      end_session(session, "no InformResponse", -1);
      return;
    }
    if (acs.leaves) return;
    text_clear(&session->body);
    session->stage = answering;
    if (device->events & 1 << transfer_complete) {
      session->stage = completing;
      put_transfer_complete(&session->body, device, ++message_number);
    }
    break;
  case completing:
    if (strcmp(message.name, "TransferCompleteResponse")) {
      end_session(session, "no TransferCompleteResponse", -1);
      return;
    }
    if (!device->transfer_fault) device->goals |= goal_file;
    device->events &= (uint16_t)~(1 << transfer_complete | 1 << m_download);
    text_clear(&session->body);
    session->stage = answering;
    break;
  case answering:
    count_name(requests_seen, message.name);
    if (++session->requests > request_limit) {
      end_session(session, "too many requests in a session", -1);
      return;
    }
    if (!strcmp(message.name, "GetParameterValues")) session->has_read = true;
    answer(&session->body, device, &message, &session->reboots);
    break;
  case resting:
  case fetching: return;
  }
  post(session);
}

struct reply {
  int status, wait;
  const char *body;
  size_t size;
  bool is_challenged;
};

static void on_reply(struct session *session, const struct reply *reply) {
  char cause[32];
  if (session->stage != fetching) add_time(&answer_times, now() - session->asked);
  if (reply->status == 503) unavailable_seen++;
  if (session->ends_connection) disconnect(session);
  session->ends_connection = false;
  if (session->stage == fetching) {
    struct device *device = session->device;
    if (reply->status == 503) {
      end_session(session, "HTTP 503", reply->wait);
      return;
    }
    bool is_whole = reply->status == 200 && (!device->file_size || device->file_size == (long)reply->size);
    // 9010: the download failed.
    end_fetches(device, is_whole ? 0 : 9010);
    end_session(session, NULL, -1);
    return;
  }
  if (reply->status == 401 && reply->is_challenged && session->challenges++ < challenge_limit) {
    challenges_seen++;
    post(session);
    return;
  }
  if (reply->status != 200 && reply->status != 204) {
    snprintf(cause, sizeof cause, "HTTP %d", reply->status);
    end_session(session, cause, reply->wait);
    return;
  }
  session->challenges = 0;
  if (reply->size) {
    on_message(session, reply->body);
  } else if (session->stage == informing) {
    end_session(session, "no InformResponse", -1);
  } else {
    finish(session);
  }
}

// Reads the fields of a reply's head that matter. Returns the length of the body, -1 for chunks, -2 for all to the end.
static long read_head(struct session *session, char *head, struct reply *reply) {
  long size = -2;
  bool is_old = !strncmp(head, "HTTP/1.0", 8);
  session->ends_connection = is_old;
  reply->wait = -1;
  reply->is_challenged = false;
  for (char *line = strstr(head, "\r\n"); line && line[2]; line = strstr(line, "\r\n")) {
    line += 2;
    size_t name = strcspn(line, ":\r");
    if (line[name] != ':') continue;
    char value[512];
    const char *from = line + name + 1 + strspn(line + name + 1, " \t");
    snprintf(value, sizeof value, "%.*s", (int)strcspn(from, "\r"), from);
    line[name] = 0;
    if (!strcasecmp(line, "Content-Length")) size = atol(value);
    if (!strcasecmp(line, "Transfer-Encoding") && strcasestr(value, "chunked")) size = -1;
    if (!strcasecmp(line, "Connection"))
      session->ends_connection = is_old ? strcasecmp(value, "keep-alive") != 0 : !strcasecmp(value, "close");
    if (!strcasecmp(line, "Retry-After")) reply->wait = atoi(value);
    if (!strcasecmp(line, "Set-Cookie"))
      snprintf(session->cookie, sizeof session->cookie, "%.*s", (int)strcspn(value, ";"), value);
    if (reply->status == 401 && !strcasecmp(line, "WWW-Authenticate") && !reply->is_challenged)
      reply->is_challenged = challenge_read(&session->device->challenge, value);
    line[name] = ':';
  }
  if (reply->status == 204 || reply->status == 304) size = 0;
  return size;
}

// Puts the chunks that begin there together; false where the last has not come.
static bool join_chunks(char *body, const char *end, size_t *size) {
  char *from = body, *to = body;
  *size = 0;
  // Twice: nothing is moved before all is there.
  for (int round = 0; round < 2; round++) {
    for (from = body;;) {
      char *after;
      size_t chunk = strtoul(from, &after, 16);
      after = memchr(after, '\n', (size_t)(end - after));
      if (!after || chunk > answer_limit || after + 1 + chunk + 2 > end) return false;
      if (!chunk) break;
      if (round) {
        memmove(to, after + 1, chunk);
        to += chunk;
      }
      from = after + 1 + chunk + 2;
    }
  }
  *size = (size_t)(to - body);
  return true;
}

// Takes a whole reply from what came; false where more is to come.
static bool take_reply(struct session *session, bool has_ended) {
  char *head = session->in.bytes, *end = head ? strstr(head, "\r\n\r\n") : NULL;
  if (!end) {
    if (session->in.size <= head_limit) return false;
    end_session(session, "no end of the head", -1);
    return true;
  }
  struct reply reply = {0};
  if (sscanf(head, "HTTP/1.%*d %d", &reply.status) != 1) {
    end_session(session, "not HTTP", -1);
    return true;
  }
  char *body = end + 4, *last = head + session->in.size;
  end[2] = 0;
  long size = read_head(session, head, &reply);
  end[2] = '\r';
  reply.size = size >= 0 ? (size_t)size : (size_t)(last - body);
  if (size == -1 && !join_chunks(body, last, &reply.size)) return false;
  if (size >= 0 && last - body < size) return false;
  if (size == -2 && !has_ended) return false;
  body[reply.size] = 0;
  reply.body = body;
  session->is_used = true;
  if (has_ended) session->ends_connection = true;
  // What is parsed stays where it is while the answer to it is made; nothing was asked for that could follow it.
  struct text document = session->in;
  session->in = (struct text){0};
  on_reply(session, &reply);
  if (session->socket >= 0 && !session->in.bytes) {
    text_clear(&document);
    session->in = document;
  } else {
    text_free(&document);
  }
  return true;
}

static void on_end(struct session *session) {
  int reason = 0;
  socklen_t size = sizeof reason;
  getsockopt(session->socket, SOL_SOCKET, SO_ERROR, &reason, &size);
  if (session->stage == resting) {
    disconnect(session);
    return;
  }
  // A connection that was kept may have been closed before our request came: once more, on a new one.
  if (session->is_used && !session->in.size && !session->is_repeated) {
    uint32_t peer = session->peer;
    disconnect(session);
    session->is_repeated = true;
    send_request(session, peer, session->peer_port);
    return;
  }
  end_session(session, reason ? strerror(reason) : session->in.size ? "closed in an answer" : "closed unanswered", -1);
}

static void session_event(struct session *session, uint32_t events) {
  int socket = session->socket;
  if (socket < 0) return;
  if (events & EPOLLOUT && session->stage != resting) transmit(session);
  if (!(events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))) return;
  bool has_ended = false;
  for (;;) {
    text_room(&session->in, 8192);
    ssize_t size = recv(socket, session->in.bytes + session->in.size, session->in.room - session->in.size - 1, 0);
    if (size <= 0) {
      has_ended = size == 0 || (errno != EAGAIN && errno != EINTR);
      break;
    }
    session->in.size += (size_t)size;
    session->in.bytes[session->in.size] = 0;
    if (session->in.size > answer_limit) break;
  }
  if (session->stage == resting) {
    text_clear(&session->in);
  } else if (session->in.size > answer_limit) {
    end_session(session, "too long an answer", -1);
    return;
  } else if (session->in.size) {
    if (take_reply(session, has_ended)) return;
  }
  if (has_ended) on_end(session);
}

static void session_expire(struct session *session, double moment) {
  if (session->stage != resting && session->deadline < moment) end_session(session, "time-out", -1);
}

static void allow_sockets(void) {
  struct rlimit limit = {1 << 20, 1 << 20};
  if (setrlimit(RLIMIT_NOFILE, &limit)) {
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}
