// The bench's target: one thread, epoll, answers prepared beforehand, so that the client is the limit and not the
// server. GET only; a request is whatever ends in an empty line, and pipelined ones are answered in order.
//
//   cc -O2 -o target target.c && ./target PORT
//   cc -O2 -DWITH_TLS -o target target.c -lssl -lcrypto && ./target PORT CERTIFICATE.pem KEY.pem
//
// Paths: /BYTES answers with that many bytes by Content-Length, /chunked/BYTES with chunks of 16 KiB,
// /chunked/BYTES/CHUNK with chunks of that size.

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
#ifdef WITH_TLS
#include <openssl/ssl.h>
#endif

enum { MAX_ANSWERS = 32, MAX_REQUEST = 16384, CHUNK = 16384, BATCH = 65536 };

typedef struct {
  char path[64];
  int closing;
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
#ifdef WITH_TLS
  SSL *tls;
#endif
  char in[MAX_REQUEST];
} Client;

static Answer answers[MAX_ANSWERS];
static int answer_count = 0;
static int epoll = -1;

// `receive` and `transmit` are recv and send: with TLS, "not now" is EAGAIN as well.
#ifdef WITH_TLS
static SSL_CTX *tls = NULL;

static int use_tls(const char *certificate, const char *key) {
  tls = SSL_CTX_new(TLS_server_method());
  // without it each record costs two reads
  SSL_CTX_set_read_ahead(tls, 1);
  SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return SSL_CTX_use_certificate_chain_file(tls, certificate) == 1 && SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) == 1;
}

static ssize_t tls_result(Client *client, int result) {
  if (result > 0) return result;
  int error = SSL_get_error(client->tls, result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return errno = EAGAIN, -1;
  return error == SSL_ERROR_ZERO_RETURN ? 0 : (errno = ECONNRESET, -1);
}

static ssize_t receive(Client *client, char *to, size_t room) {
  if (client->tls == NULL) return recv(client->fd, to, room, 0);
  return tls_result(client, SSL_read(client->tls, to, (int)room));
}

static ssize_t transmit(Client *client, const char *from, size_t length) {
  if (client->tls == NULL) return send(client->fd, from, length, MSG_NOSIGNAL);
  return tls_result(client, SSL_write(client->tls, from, length > 1 << 30 ? 1 << 30 : (int)length));
}

static int has_more(Client *client) {
  return client->tls != NULL && SSL_has_pending(client->tls);
}

static void open_tls(Client *client) {
  if (tls == NULL) return;
  client->tls = SSL_new(tls);
  SSL_set_fd(client->tls, client->fd);
  SSL_set_accept_state(client->tls);
}

static void close_tls(Client *client) {
  if (client->tls == NULL) return;
  SSL_shutdown(client->tls);
  SSL_free(client->tls);
}
#else
static int use_tls(const char *certificate, const char *key) {
  return (void)certificate, (void)key, 0;
}

static ssize_t receive(Client *client, char *to, size_t room) {
  return recv(client->fd, to, room, 0);
}

static ssize_t transmit(Client *client, const char *from, size_t length) {
  return send(client->fd, from, length, MSG_NOSIGNAL);
}

static int has_more(Client *client) {
  return (void)client, 0;
}

static void open_tls(Client *client) {
  (void)client;
}

static void close_tls(Client *client) {
  (void)client;
}
#endif

static Answer *make_answer(const char *path, int closing) {
  if (answer_count == MAX_ANSWERS) return &answers[0];
  const char *digits = path + 1;
  int chunked = strncmp(path, "/chunked/", 9) == 0;
  if (chunked) digits = path + 9;
  char *after;
  size_t body = strtoul(digits, &after, 10);
  if (body > 64u << 20) body = 64u << 20;
  size_t chunk = chunked && *after == '/' ? strtoul(after + 1, NULL, 10) : CHUNK;
  if (chunk == 0) chunk = CHUNK;
  Answer *answer = &answers[answer_count++];
  snprintf(answer->path, sizeof answer->path, "%s", path);
  answer->closing = closing;
  answer->bytes = malloc(512 + body + (body / chunk + 1) * 16);
  char *at = answer->bytes;
  at += sprintf(at, "HTTP/1.1 200 OK\r\nServer: target\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/plain\r\nConnection: %s\r\n", closing ? "close" : "keep-alive");
  if (!chunked) {
    at += sprintf(at, "Content-Length: %zu\r\n\r\n", body);
    memset(at, 'x', body);
    at += body;
  } else {
    at += sprintf(at, "Transfer-Encoding: chunked\r\n\r\n");
    while (body > 0) {
      size_t piece = body < chunk ? body : chunk;
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

static const Answer *answer_to(const char *request, size_t length, int closing) {
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
    if (answers[a].closing == closing && strcmp(answers[a].path, path) == 0) return &answers[a];
  }
  return make_answer(path, closing);
}

static void drop(Client *client) {
  close_tls(client);
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
    ssize_t taken = transmit(client, from, length);
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

static int asks_to_close(const char *request, size_t length) {
  if (memmem(request, length, "onnection: close", 16) != NULL) return 1;
  // HTTP/1.0, which ab speaks, closes unless told otherwise
  return memmem(request, length, " HTTP/1.0\r\n", 11) != NULL && memmem(request, length, "eep-Alive", 9) == NULL;
}

// 0: the client is gone, or there is nothing to read now.
static int read_some(Client *client) {
  ssize_t got = receive(client, client->in + client->have, sizeof client->in - client->have);
  if (got <= 0) {
    if (got < 0 && errno == EAGAIN) return 0;
    return drop(client), 0;
  }
  client->have += (size_t)got;
  char *at = client->in;
  size_t left = client->have;
  char *end;
  while ((end = memmem(at, left, "\r\n\r\n", 4)) != NULL) {
    size_t length = (size_t)(end - at) + 4;
    if (asks_to_close(at, length)) client->closing = 1;
    if (client->owed == 0) client->answer = answer_to(at, length, client->closing);
    client->owed += 1;
    at += length;
    left -= length;
  }
  memmove(client->in, at, left);
  client->have = left;
  if (left == sizeof client->in) return drop(client), 0;
  return flush_owed(client) && has_more(client);
}

static void on_readable(Client *client) {
  while (read_some(client)) continue;
}

int main(int argc, char **argv) {
  if (argc != 2 && argc != 4) return fprintf(stderr, "usage: target PORT [CERTIFICATE KEY]\n"), 2;
  if (argc == 4 && !use_tls(argv[2], argv[3])) return fprintf(stderr, "target: no TLS with these files\n"), 1;
  signal(SIGPIPE, SIG_IGN);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  make_answer("/12", 0);
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
        open_tls(fresh);
        struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = fresh};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &wanted);
      }
    }
  }
}
