// The table of the flags that shape a plan. Each sets a field of the scenario, over what its file says; those of what
// the run is held to add to the plan. A new flag is a row here, a field in the scenario's schema, and its use.

import type { Command } from "@commander-js/extra-typings";
import { type ChangeRule, isChangeRule, parseChangeRule } from "../../lib/result/difference/change_rule.ts";
import { parseThreshold, type Threshold } from "../../lib/scenario/value/threshold.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { constantFlag, fieldFlag, type Flag, type FlagTable, type FlagValues, switchFlag, withFlags } from "./flag.ts";
import { headersByName, parseHeader, parseSizeRange, parseStage, parseStatuses } from "./flag_values.ts";

/** How much is sent, and when. */
const LOAD = {
  rps: fieldFlag("-r, --rps <rate>", "load.rps", {
    help: "requests per second in total; also 1k, 1000/min",
    otherwise: "unlimited",
    aliases: ["--rate", "--qps"],
  }),
  stage: {
    names: "--stage <time:rate>",
    help: "ramp to a rate, such as 30s:100",
    repeatable: true,
    field: "load.stages",
    parse: parseStage,
    settings: (stages) => ({ "load.stages": stages }),
  } as Flag<ReturnType<typeof parseStage>>,
  arrivals: fieldFlag("--arrivals <how>", "load.arrivals", {
    help: "constant, or poisson: at random",
    otherwise: "constant",
  }),
  seed: fieldFlag("--seed <n>", "load.seed", { help: "seed for --arrivals poisson", otherwise: "1" }),
  timestamps: fieldFlag("--timestamps <file>", "load.timestamps", {
    help: "replay the times in a file: seconds or RFC 3339",
  }),
  duration: fieldFlag("-d, --duration <time>", "load.duration", {
    help: "stop after this time, such as 1m30s",
    otherwise: "10s",
  }),
  requests: fieldFlag("-n, --requests <n>", "load.requests", { help: "stop after this many requests" }),
  connections: fieldFlag("-c, --connections <n>", "load.connections", {
    help: "connections that send; with a rate, the most to open",
    otherwise: "64; with a rate, no limit",
  }),
  workers: fieldFlag("-w, --workers <n>", "load.workers", {
    help: "share the load among this many threads",
    otherwise: "1",
  }),
  client: fieldFlag("--client <name>", "load.client", {
    help: "who sends: loadgen, or the runtime's fetch",
    otherwise: "loadgen",
  }),
  pipeline: fieldFlag("--pipeline <n>", "load.pipeline", {
    help: "without a rate: requests at once per connection",
    otherwise: "1",
  }),
  thinkTime: fieldFlag("--think-time <time>", "load.thinkTime", {
    help: "without a rate: pause between a sender's requests",
    otherwise: "0",
  }),
  grace: fieldFlag("--grace <time>", "load.grace", {
    help: "wait at the end for late responses",
    otherwise: "1s",
  }),
  pacing: fieldFlag("--pacing <how>", "load.pacing", {
    help: "precise: to some µs; economy: to a ms or two, for less CPU",
    otherwise: "precise",
  }),
  warmup: fieldFlag("--warmup <time>", "load.warmup", {
    help: "run this long first, uncounted",
    otherwise: "0",
  }),
  cooldown: fieldFlag("--cooldown <time>", "load.cooldown", {
    help: "run this long at the end, uncounted",
    otherwise: "0",
  }),
  settle: fieldFlag("--settle <time>", "load.settle", {
    help: "send nothing for this long after the load, then tell what is still open",
    otherwise: "0: not at all",
  }),
} satisfies FlagTable;

/** What is sent. */
const REQUEST = {
  url: fieldFlag("--url <url>", "request.url", { help: "where to send", otherwise: "an embedded target" }),
  method: fieldFlag("-m, --method <method>", "request.method", { help: "the request's method", otherwise: "GET" }),
  header: {
    names: "-H, --header <line>",
    help: 'add a header, "Name: value"',
    repeatable: true,
    field: "request.headers",
    parse: parseHeader,
    settings: (lines) => ({ "request.headers": headersByName(lines) }),
  } as Flag<ReturnType<typeof parseHeader>>,
  user: fieldFlag("-u, --user <name:password>", "request.user", {
    help: "Basic authentication; '${NAME}' is the environment's",
    otherwise: "the URL's",
  }),
  body: fieldFlag("-b, --body <text>", "request.body", { help: "the request's body" }),
  bodyFile: fieldFlag("--body-file <file>", "request.bodyFile", {
    help: "the request's body from a file, byte by byte as it is",
  }),
  timeout: fieldFlag("-t, --timeout <time>", "request.timeout", {
    help: "fail a request after this; 0: never",
    otherwise: "30s",
  }),
  expectStatus: {
    names: "--expect-status <list>",
    help: "any other status is a failure: codes and classes such as 2xx,404, or any",
    otherwise: "below 400",
    field: "request.expect",
    parse: parseStatuses,
    settings: (status) => ({ "request.expect": { status } }),
  } as Flag<ReturnType<typeof parseStatuses>>,
  noClose: constantFlag("--no-close", "request.bodyPolicy", "hold", {
    help: "never read, never close response bodies: the leak",
  }),
  noRead: constantFlag("--no-read", "request.bodyPolicy", "close", {
    help: "close response bodies without reading them",
  }),
} satisfies FlagTable;

/** Over which connections. */
const CONNECTIONS = {
  disableKeepalive: fieldFlag("--disable-keepalive", "transport.disableKeepAlives", {
    help: "a new connection for each request",
  }),
  maxIdle: fieldFlag("--max-idle <n>", "transport.maxIdleConnsPerHost", {
    help: "idle connections kept per host",
    otherwise: "no limit",
  }),
  maxConns: fieldFlag("--max-conns <n>", "transport.maxConnsPerHost", {
    help: "connections per host in all",
    otherwise: "no limit",
  }),
  idleTimeout: fieldFlag("--idle-timeout <time>", "transport.idleConnTimeout", {
    help: "close after this idle time; 0: never",
    otherwise: "90s",
  }),
  noDrain: constantFlag("--no-drain", "transport.drainOnClose", false, {
    help: "an early close always costs the connection",
  }),
  unixSocket: fieldFlag("--unix-socket <path>", "transport.unixSocket", { help: "send through a unix socket" }),
  proxy: fieldFlag("-x, --proxy <url>", "transport.proxy", {
    help: "a proxy's URL, or none",
    otherwise: "the environment's",
  }),
  socket: fieldFlag("--socket <adapter>", "transport.socket", {
    help: "auto, node (node:net) or native",
    otherwise: "auto",
  }),
} satisfies FlagTable;

/** How https is spoken. */
const TLS = {
  insecure: fieldFlag("-k, --insecure", "tls.insecure", { help: "accept any server certificate" }),
  cacert: fieldFlag("--cacert <file>", "tls.cacert", {
    help: "trust these CAs, in PEM",
    otherwise: "the runtime's",
  }),
  cert: fieldFlag("--cert <file>", "tls.cert", { help: "the client's certificate, in PEM" }),
  key: fieldFlag("--key <file>", "tls.key", { help: "its private key, in PEM" }),
  servername: fieldFlag("--servername <name>", "tls.servername", {
    help: "name to ask for and verify",
    otherwise: "the URL's host",
  }),
} satisfies FlagTable;

/** What the run is held to. */
const THRESHOLDS = {
  failIf: {
    names: "--fail-if <rule>",
    help: "exit code 99 if the rule holds at the end, such as 'p99 > 200ms' or 'errors > 1%'; " +
      "with --baseline or compare also if a change surely does, such as 'p99 > +10%'",
    repeatable: true,
    parse: (field, text, before = []) => [
      ...before,
      isChangeRule(text) ? parseChangeRule(text, field) : parseThreshold(text, { field, kind: "failIf", abort: false }),
    ],
  } as Flag<(Threshold | ChangeRule)[]>,
  abortIf: {
    names: "--abort-if <rule>",
    help: "the same, and end the run at the first second in which it holds",
    repeatable: true,
    parse: (field, text, before = []) => {
      if (isChangeRule(text)) {
        throw UsageError.expected(field, "a rule without a sign: a change is judged at the end", text);
      }
      return [...before, parseThreshold(text, { field, kind: "failIf", abort: true })];
    },
  } as Flag<Threshold[]>,
  failOnLeak: switchFlag("--fail-on-leak", {
    help: "exit code 99 if the run leaks or grows, or if it cannot be told",
  }),
} satisfies FlagTable;

/** How the embedded target answers; `serve` has these too. */
export const TARGET_FLAGS = {
  bodyBytes: {
    names: "--body-bytes <n|min-max>",
    help: "size of each body, or a random range",
    otherwise: "1KiB",
    field: "target.bodyBytes",
    parse: parseSizeRange,
    settings: ({ least, most }) => ({
      "target.bodyBytes": least,
      ...(most !== undefined && { "target.bodyBytesMax": most }),
    }),
  } as Flag<ReturnType<typeof parseSizeRange>>,
  latency: fieldFlag("--latency <time>", "target.latency", { help: "wait before each response", otherwise: "0" }),
  chunked: fieldFlag("--chunked", "target.chunked", { help: "send responses without a Content-Length" }),
  slowBody: fieldFlag("--slow-body <time>", "target.slowBody", {
    help: "spread each body over this time",
    otherwise: "0",
  }),
} satisfies FlagTable;

/** By the headings that they stand under in help. */
export const PLAN_GROUPS = {
  "Load": LOAD,
  "Request": REQUEST,
  "Connections": CONNECTIONS,
  "TLS": TLS,
  "Thresholds": THRESHOLDS,
  "Embedded target": TARGET_FLAGS,
} satisfies Readonly<Record<string, FlagTable>>;

/** Everything that `run` and `compare` can be told of a plan. */
export const PLAN_FLAGS = { ...LOAD, ...REQUEST, ...CONNECTIONS, ...TLS, ...THRESHOLDS, ...TARGET_FLAGS };

/** What was given of them. */
export type PlanFlags = FlagValues<typeof PLAN_FLAGS>;

/** Gives a command all of them. */
export function withPlanFlags(command: Command): Command<[], PlanFlags> {
  for (const [heading, table] of Object.entries<FlagTable>(PLAN_GROUPS)) withFlags(command, heading, table);
  return command as unknown as Command<[], PlanFlags>;
}

/** The rules over a run's own figures. */
export function thresholdsOf({ failIf = [], abortIf = [] }: PlanFlags): Threshold[] {
  return [...failIf.filter((rule) => rule.kind !== "change"), ...abortIf];
}

/** The rules over what changed. */
export function changeRulesOf({ failIf = [] }: PlanFlags): ChangeRule[] {
  return failIf.filter((rule) => rule.kind === "change");
}
