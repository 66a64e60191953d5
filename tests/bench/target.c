// The bench's target: one thread, epoll, answers prepared beforehand, so that the client is the limit and not the
// server. GET only; a request is whatever ends in an empty line, and pipelined ones are answered in order.
//
//   cc -O2 -o target target.c && ./target PORT
//
// Paths: /BYTES answers with that many bytes by Content-Length, /chunked/BYTES with chunks of 16 KiB.

#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_ANSWERS = 32, MAX_REQUEST = 16384, CHUNK = 16384, BATCH = 65536 };

typedef struct {
  char path[64];
  char *bytes;
  size_t length;
} Answer;

typedef struct {
  int fd;
  int wants_write;
  int closing;
  size_t have;
  // Answers that are owed: all to the same request, which is all that a bench sends.
  const Answer *answer;
  size_t owed;
  size_t sent;
  char in[MAX_REQUEST];
} Client;

static Answer answers[MAX_ANSWERS];
static int answer_count = 0;
static int epoll = -1;

static Answer *make_answer(const char *path) {
  if (answer_count == MAX_ANSWERS) return &answers[0];
  const char *digits = path + 1;
  int chunked = strncmp(path, "/chunked/", 9) == 0;
  if (chunked) digits = path + 9;
  size_t body = strtoul(digits, NULL, 10);
  if (body > 64u << 20) body = 64u << 20;
  Answer *answer = &answers[answer_count++];
  snprintf(answer->path, sizeof answer->path, "%s", path);
  answer->bytes = malloc(512 + body + (body / CHUNK + 1) * 16);
  char *at = answer->bytes;
  at += sprintf(at, "HTTP/1.1 200 OK\r\nServer: target\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/plain\r\nConnection: keep-alive\r\n");
  if (!chunked) {
    at += sprintf(at, "Content-Length: %zu\r\n\r\n", body);
    memset(at, 'x', body);
    at += body;
  } else {
    at += sprintf(at, "Transfer-Encoding: chunked\r\n\r\n");
    while (body > 0) {
      size_t piece = body < CHUNK ? body : CHUNK;
      at += sprintf(at, "%zx\r\n", piece);
      memset(at, 'x', piece);
      at += piece;
      at += sprintf(at, "\r\n");
      body -= piece;
    }
    at += sprintf(at, "0\r\n\r\n");
  }
  answer->length = (size_t)(at - answer->bytes);
  return answer;
}

static const Answer *answer_to(const char *request, size_t length) {
  const char *from = memchr(request, ' ', length);
  if (from == NULL) return &answers[0];
  from += 1;
  char path[64];
  size_t i = 0;
  while (i < sizeof path - 1 && from + i < request + length && from[i] != ' ') {
    path[i] = from[i];
    i += 1;
  }
  path[i] = 0;
  for (int a = 0; a < answer_count; a++) {
    if (strcmp(answers[a].path, path) == 0) return &answers[a];
  }
  return make_answer(path);
}

static void drop(Client *client) {
  close(client->fd);
  free(client);
}

static void watch(Client *client, int writes) {
  if (client->wants_write == writes) return;
  client->wants_write = writes;
  struct epoll_event event = {.events = EPOLLIN | (writes ? EPOLLOUT : 0), .data.ptr = client};
  epoll_ctl(epoll, EPOLL_CTL_MOD, client->fd, &event);
}

// Sends what is owed, small answers joined; 0: the client is gone.
static int flush_owed(Client *client) {
  static char batch[BATCH];
  while (client->owed > 0) {
    const Answer *answer = client->answer;
    const char *from = answer->bytes + client->sent;
    size_t length = answer->length - client->sent;
    if (client->owed > 1 && client->sent == 0 && answer->length * 2 <= BATCH) {
      size_t fit = BATCH / answer->length;
      if (fit > client->owed) fit = client->owed;
      for (size_t i = 0; i < fit; i++) memcpy(batch + i * answer->length, answer->bytes, answer->length);
      from = batch;
      length = fit * answer->length;
    }
    ssize_t taken = send(client->fd, from, length, MSG_NOSIGNAL);
    if (taken < 0) {
      if (errno != EAGAIN) return drop(client), 0;
      watch(client, 1);
      return 1;
    }
    client->sent += (size_t)taken;
    while (client->owed > 0 && client->sent >= answer->length) {
      client->sent -= answer->length;
      client->owed -= 1;
    }
  }
  watch(client, 0);
  if (client->closing) return drop(client), 0;
  return 1;
}

static void on_readable(Client *client) {
  ssize_t got = recv(client->fd, client->in + client->have, sizeof client->in - client->have, 0);
  if (got <= 0) {
    if (got < 0 && errno == EAGAIN) return;
    drop(client);
    return;
  }
  client->have += (size_t)got;
  char *at = client->in;
  size_t left = client->have;
  char *end;
  while ((end = memmem(at, left, "\r\n\r\n", 4)) != NULL) {
    size_t length = (size_t)(end - at) + 4;
    if (client->owed == 0) client->answer = answer_to(at, length);
    client->owed += 1;
    if (memmem(at, length, "onnection: close", 16) != NULL) client->closing = 1;
    // HTTP/1.0, which ab speaks, closes unless told otherwise
    if (memmem(at, length, " HTTP/1.0\r\n", 11) != NULL && memmem(at, length, "eep-Alive", 9) == NULL) client->closing = 1;
    at += length;
    left -= length;
  }
  memmove(client->in, at, left);
  client->have = left;
  if (left == sizeof client->in) {
    drop(client);
    return;
  }
  flush_owed(client);
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "usage: target PORT\n"), 2;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  make_answer("/12");
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4096) != 0) {
    perror("target");
    return 1;
  }
  epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  struct epoll_event events[256];
  for (;;) {
    int count = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < count; i++) {
      Client *client = events[i].data.ptr;
      if (client != NULL) {
        if (events[i].events & EPOLLOUT && !flush_owed(client)) continue;
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_readable(client);
        continue;
      }
      int fd;
      while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Client *fresh = calloc(1, sizeof *fresh);
        fresh->fd = fd;
        struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = fresh};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &wanted);
      }
    }
  }
}
