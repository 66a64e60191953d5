// A server whose every delay is known: it answers each request 5 ms after it came, or a log-normal time after, and tells
// afterwards when it did. What tests/support/delaying_server.ts does in JavaScript, for the close comparison: its timers
// are good to some µs where a runtime's are good to a ms, and it compiles and collects nothing beside the client.
//
//   cc -O2 -pthread -o delaying_target delaying_target.c -lm && ./delaying_target fixed|log-normal [awake]
//
// It prints its port. A line on stdin is answered with the instants at which the requests /0, /1, /2 … were answered, as
// JSON, in ms since 1970; the end of stdin is its own. Any other path is answered and not told of.
//
// awake: a thread of idle priority on each core keeps it from being halted. To wake a halted core takes a virtual machine
// some 50 µs, and 300 while its host is busy.

#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_TOLD = 1 << 20, MOST_WAITING = 1 << 16, MOST_REQUEST = 4096, UNTOLD = -1 };

static const double FIXED_MS = 5;
// 10 ms in the middle, 40 ms at p99.
static const double MEDIAN_MS = 10;
static const double SIGMA = 0.6;
static const long SEED = 2026;

static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

typedef struct {
  int fd;
  size_t have;
  char in[MOST_REQUEST];
} Client;

typedef struct {
  int64_t due_ns;
  int fd;
  int index;
} Waiting;

static int fixed_delay = 0;
static int epoll = -1;
static Waiting heap[MOST_WAITING];
static size_t waiting = 0;
static double answered_ms[MOST_TOLD];
static int told = 0;

static int64_t now_ns(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

// Box and Muller, 1958.
static double normal(void) {
  return sqrt(-2 * log(1 - drand48())) * cos(2 * M_PI * drand48());
}

static double delay_ms(void) {
  return fixed_delay ? FIXED_MS : MEDIAN_MS * exp(SIGMA * normal());
}

static void put(Waiting item) {
  if (waiting == MOST_WAITING) exit(1);
  size_t at = waiting++;
  while (at > 0 && heap[(at - 1) / 2].due_ns > item.due_ns) {
    heap[at] = heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  heap[at] = item;
}

static Waiting take(void) {
  Waiting first = heap[0];
  Waiting last = heap[--waiting];
  size_t at = 0;
  for (size_t child = 1; child < waiting; child = 2 * at + 1) {
    if (child + 1 < waiting && heap[child + 1].due_ns < heap[child].due_ns) child += 1;
    if (heap[child].due_ns >= last.due_ns) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return first;
}

static int index_of(const char *request) {
  const char *path = strchr(request, '/');
  if (path == NULL || !isdigit((unsigned char)path[1])) return UNTOLD;
  long index = strtol(path + 1, NULL, 10);
  return index < MOST_TOLD ? (int)index : UNTOLD;
}

static void accept_all(int listener) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Client *client = calloc(1, sizeof *client);
    client->fd = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }
}

static void read_requests(Client *client) {
  ssize_t length = recv(client->fd, client->in + client->have, sizeof client->in - 1 - client->have, 0);
  int64_t arrived_ns = now_ns(CLOCK_MONOTONIC);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0) {
    // Whatever it still waits for is lost with it: a client that leaves early is none of this server's.
    close(client->fd);
    free(client);
    return;
  }
  client->have += (size_t)length;
  client->in[client->have] = 0;
  char *end;
  while ((end = strstr(client->in, "\r\n\r\n")) != NULL) {
    put((Waiting){arrived_ns + (int64_t)(delay_ms() * 1e6), client->fd, index_of(client->in)});
    size_t used = (size_t)(end + 4 - client->in);
    memmove(client->in, client->in + used, client->have - used + 1);
    client->have -= used;
  }
}

static void answer_due(void) {
  while (waiting > 0 && heap[0].due_ns <= now_ns(CLOCK_MONOTONIC)) {
    Waiting item = take();
    if (item.index != UNTOLD) {
      answered_ms[item.index] = (double)now_ns(CLOCK_REALTIME) / 1e6; // before the write: nobody has the answer earlier
      if (item.index >= told) told = item.index + 1;
    }
    send(item.fd, ANSWER, sizeof ANSWER - 1, MSG_NOSIGNAL);
  }
}

static void report(void) {
  char line[64];
  if (read(STDIN_FILENO, line, sizeof line) <= 0) exit(0);
  putchar('[');
  for (int i = 0; i < told; i++) printf("%s%.4f", i == 0 ? "" : ",", answered_ms[i]);
  puts("]");
  fflush(stdout);
}

// It yields rather than counts: a kernel that preempts lazily takes a core back at its next tick, but for a yield at once.
static void *stay_awake(void *core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET((int)(intptr_t)core, &cores);
  pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);
  struct sched_param lowest = {0};
  if (pthread_setschedparam(pthread_self(), SCHED_IDLE, &lowest) != 0) return NULL;
  for (;;) sched_yield();
}

int main(int count, char **words) {
  if (count < 2) return 2;
  fixed_delay = strcmp(words[1], "fixed") == 0;
  srand48(SEED);
  prctl(PR_SET_TIMERSLACK, 1);
  for (long core = 0; count > 2 && core < sysconf(_SC_NPROCESSORS_ONLN); core++) {
    pthread_t thread;
    pthread_create(&thread, NULL, stay_awake, (void *)(intptr_t)core);
  }

  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 2048) != 0) return 1;
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);

  epoll = epoll_create1(0);
  // What is not a client's: the listener, and stdin.
  int own[] = {listener, STDIN_FILENO};
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &own[i]};
    epoll_ctl(epoll, EPOLL_CTL_ADD, own[i], &event);
  }
  for (;;) {
    int64_t left_ns = waiting == 0 ? INT64_C(1000000000) : heap[0].due_ns - now_ns(CLOCK_MONOTONIC);
    if (left_ns < 0) left_ns = 0;
    struct timespec left = {.tv_sec = left_ns / 1000000000, .tv_nsec = left_ns % 1000000000};
    struct epoll_event events[64];
    int ready = epoll_pwait2(epoll, events, 64, &left, NULL);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.ptr == &own[0]) accept_all(listener);
      else if (events[i].data.ptr == &own[1]) report();
      else read_requests(events[i].data.ptr);
    }
    answer_due();
  }
}
