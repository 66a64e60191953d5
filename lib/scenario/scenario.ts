// The scenario file: a named experiment in JSON. Every field is optional; `resolve` fills in the defaults.

import { z } from "zod";
import { checkedText, count, duration, flag, pemFile, rate, size, text } from "./field.ts";
import { ANY_STATUS, isValueTest, STATUS_CLASS } from "./value/expect.ts";
import { expectedOfHeader, TOKEN_PATTERN } from "./value/header.ts";
import { problemOfProxy } from "./value/proxy_url.ts";
import { problemOfBaseUrl, problemOfTarget } from "./value/target_url.ts";
import { problemOfThreshold } from "./value/threshold.ts";

const url = checkedText(
  "Where to send: an absolute http or https URL, or a path that begins with / and is put after `baseUrl`. A " +
    "template; its scheme, host and port must be the same for every request. Default: /.",
  problemOfTarget,
);

const baseUrl = checkedText(
  "The absolute http or https URL before each path. Without it, and without an absolute URL in a request, an " +
    "embedded target is started on loopback.",
  problemOfBaseUrl,
);

const proxy = checkedText(
  "URL of the proxy (http, https, socks5 or socks5h) for every request; `none`; or `environment`: what HTTP_PROXY, " +
    "HTTPS_PROXY and NO_PROXY say, never for loopback addresses. Default: environment.",
  problemOfProxy,
);

const headers = z.record(
  z.string(),
  z.union([z.string(), z.array(z.string())], { error: "a text or a list of texts" }),
  { error: "an object of header names and values" },
)
  .superRefine((headers, context) => {
    for (const [name, values] of Object.entries(headers)) {
      for (const value of [values].flat()) {
        const expected = expectedOfHeader(name, value);
        if (expected !== undefined) context.addIssue({ code: "custom", message: expected, path: [name] });
      }
    }
  })
  .describe("Header fields by name; a list sends one field for each value. Values are templates.");

export const EXPECTED_STATUSES = "a status such as 200, a class such as 2xx, a list of them, or any";
const status = z.union([
  z.int({ error: EXPECTED_STATUSES }).min(100, { error: EXPECTED_STATUSES }).max(599, { error: EXPECTED_STATUSES }),
  z.string().regex(STATUS_CLASS, { error: EXPECTED_STATUSES }),
], { error: EXPECTED_STATUSES });

const STATUS_WORDS = "a code (200), a class (`2xx`), a list of them, or `any`";

export const statusesSchema = z.union([
  status,
  z.literal(ANY_STATUS),
  z.array(status).min(1, { error: EXPECTED_STATUSES }),
], { error: EXPECTED_STATUSES });

const expectStatus = statusesSchema.describe(
  `The status expected of the requests that do not say their own: ${STATUS_WORDS}. Default: below 400.`,
);

export const expectSchema = z.strictObject({
  status: statusesSchema.describe(`The expected status: ${STATUS_WORDS}. Default: \`expectStatus\`.`).optional(),
  headers: z.record(
    z.string(),
    z.string({ error: "a text, or a /regular expression/" })
      .refine(isValueTest, { error: "a text, or a /regular expression/" }),
    { error: "an object of header names and values" },
  ).describe("Header fields that must be there: by name, the exact value or a /regular expression/.")
    .optional(),
  bodyIncludes: text("A text that the body must contain, as it comes on the wire. Needs `bodyPolicy` read.")
    .min(1, { error: "a text" }).optional(),
}, { error: "an object" })
  .describe(
    "What a response must be like. Any other counts as failed: expect/status and its code, expect/header, expect/body.",
  );

export const requestSchema = z.strictObject({
  name: text("Its name in the result and the report. Default: its method and URL.").min(1, { error: "a text" })
    .optional(),
  weight: z.number({ error: "a number above 0" }).positive({ error: "a number above 0" })
    .describe("How often it is chosen, relative to the other requests' weights. Needs `flow` weighted. Default: 1.")
    .optional(),
  url: url.optional(),
  method: text("The request's method. Default: GET.").regex(TOKEN_PATTERN, { error: "a method such as GET or POST" })
    .optional(),
  headers: headers.optional(),
  user: text(
    "Who asks, as name:password (Basic authentication); a template, so that ${PASSWORD} is the environment's. An " +
      "Authorization header goes before it. Default: what stands in front of the URL's host.",
  ).regex(/:|\{\{|\$\{/, { error: "name:password" }).optional(),
  body: text("The request's body, a template, sent as UTF-8.").optional(),
  bodyFile: text(
    "The request's body from a file, byte by byte as it is. A relative path counts from the scenario's file.",
  ).min(1, { error: "a file's path" }).optional(),
  bodyTemplate: text(
    "The request's body, a template, from a file of UTF-8 text. A relative path counts from the scenario's file.",
  ).min(1, { error: "a file's path" }).optional(),
  bodyJson: z.json({ error: "a JSON value" }).describe(
    "The request's body as a JSON value, sent as application/json unless `headers` say otherwise. Its texts are " +
      "templates; their values are escaped.",
  ).optional(),
  bodyPolicy: z.enum(["read", "close", "hold"], { error: "read, close or hold" })
    .describe(
      "What is done with each response body: read to its end, closed unread, or held, which leaks. Default: read.",
    )
    .optional(),
  timeout: duration(
    "Time limit from the instant a request is due to its response's last byte; 0: none. Default: 30s.",
    {
      zero: true,
    },
  )
    .optional(),
  expect: expectSchema.optional(),
}, { error: "an object" }).describe("What is sent, and what becomes of the response.");

const requests = z.array(requestSchema, { error: "a list of requests" }).min(1, { error: "at least one request" })
  .describe("Several requests instead of one `request`; the result tells them apart by name.");

const variables = z.record(
  z.string().regex(/^[A-Za-z_][\w-]*$/, { error: "a name of letters, digits, _ and -" }),
  z.union([z.string(), z.number(), z.boolean()], { error: "a text, a number, true or false" }),
  { error: "an object of names and values" },
).describe(
  "Values by name, for {{name}} in templates. A value may contain ${NAME}, the environment variable of that name.",
);

export const feederSchema = z.strictObject({
  file: text(
    "A .csv file (RFC 4180; the first line names the columns) or a .jsonl file (an object per line). A relative " +
      "path counts from the scenario's file.",
  ).regex(/\.(?:csv|jsonl)$/i, { error: "a file whose name ends in .csv or .jsonl" }),
  as: text("A prefix by which its columns can also be named, as in {{user.name}}.")
    .regex(/^[A-Za-z_][\w-]*$/, { error: "a name of letters, digits, _ and -" }).optional(),
  mode: z.enum(["circular", "random", "sequential"], { error: "circular, random or sequential" }).describe(
    "Which row an iteration takes: the next, starting over after the last (circular); any (random); or the next " +
      "until the last, which ends the run (sequential). Default: circular.",
  ).optional(),
}, { error: "an object" }).describe("A file of rows. Each iteration takes one.");

const feeders = z.array(feederSchema, { error: "a list of feeders" })
  .describe("Files whose rows give values to templates: {{column}}.");

export const stageSchema = z.strictObject({
  duration: duration("How long the rate takes to get there; 0: it is set at once.", { zero: true }),
  rps: rate("The rate at the stage's end, in requests per second in total, as `rps`.", { zero: true }),
}, { error: "an object with a duration and a rate" }).describe(
  "A ramp: from the rate before it in a straight line to another.",
);

export const loadSchema = z.strictObject({
  rps: rate(
    "Requests per second in total, as a number or a text such as 1k, 1000/min or 20/10s; with `stages`, the rate at which the first begins. Without a rate, stages or " +
      "timestamps the load is a closed loop: each connection sends as soon as it can.",
    { zero: false },
  ).optional(),
  stages: z.array(stageSchema, { error: "a list of stages" }).min(1, { error: "at least one stage" })
    .describe("How the rate changes, starting from `rps` or 0. The run lasts as long as all stages together.")
    .optional(),
  arrivals: z.enum(["constant", "poisson"], { error: "constant or poisson" })
    .describe("Whether requests come evenly or at random (a Poisson process). Default: constant.").optional(),
  seed: z.int({ error: "a whole number from 0 to 4294967295" })
    .min(0, { error: "a whole number from 0 to 4294967295" })
    .max(2 ** 32 - 1, { error: "a whole number from 0 to 4294967295" })
    .describe("Seed of the Poisson arrivals: the same seed gives the same arrivals. Default: 1.").optional(),
  timestamps: text(
    "A file with the time of each request, one per line, in seconds or RFC 3339, in rising order. The run begins " +
      "with the first. A relative path counts from the scenario's file.",
  ).min(1, { error: "a file's path" }).optional(),
  duration: duration(
    "How long requests are offered; it also cuts stages and timestamps short. Default: 10s, or no end if `requests` " +
      "is given.",
    { zero: false },
  ).optional(),
  requests: count("The most requests to offer.", 1).optional(),
  connections: count(
    "Closed loop: how many connections send. Default: 64. With a rate: the most connections to open. Default: no " +
      "limit.",
    1,
  )
    .optional(),
  pipeline: count(
    "Closed loop: how many requests are under way on each connection at once (HTTP pipelining), each with a sender " +
      "of its own. Default: 1.",
    1,
  ).optional(),
  thinkTime: duration("Closed loop: how long each sender pauses between its requests. Default: 0.", { zero: true })
    .optional(),
  client: z.enum(["loadgen", "fetch"], { error: "loadgen or fetch" }).describe(
    "Who sends: loadgen's own transport, or the runtime's `fetch`, which tells nothing of its connections: calls " +
      "under way and bodies held count in their place. Default: loadgen.",
  ).optional(),
  workers: count(
    "How many threads send, each over its own connections. They share the rate, the requests and the connections, " +
      "so there can be no more threads than connections or requests. Default: 1.",
    1,
    1024,
  ).optional(),
  grace: duration("How long to wait for requests in flight after the last one was offered. Default: 1s.", {
    zero: true,
  })
    .optional(),
  pacing: z.enum(["precise", "economy"], { error: "precise or economy" })
    .describe(
      "With a rate: how close to its due time each request is sent. precise: within some µs; economy: within a ms " +
        "or two, for less CPU. Default: precise.",
    ).optional(),
  warmup: duration("How long the same load runs first, uncounted. Default: 0.", { zero: true })
    .optional(),
  cooldown: duration(
    "How long the load goes on at the end, uncounted, so that the last counted requests meet the same load. " +
      "Default: 0.",
    { zero: true },
  ).optional(),
  settle: duration(
    "How long to send nothing after the load. Then garbage is collected, and the result says what is still open and " +
      "which memory came back. Default: 0, not at all.",
    { zero: true },
  ).optional(),
}, { error: "an object" }).describe("How much is sent, and for how long.");

export const transportSchema = z.strictObject({
  disableKeepAlives: flag("Use a new connection for each request. Default: false.").optional(),
  maxIdleConnsPerHost: count("The most idle connections to keep per host. Default: no limit.", 0).optional(),
  maxConnsPerHost: count("The most connections per host, whether dialing, in use or idle. Default: no limit.", 1)
    .optional(),
  idleConnTimeout: duration("How long to keep an idle connection; 0: for ever. Default: 90s.", { zero: true })
    .optional(),
  drainOnClose: flag(
    "When a body is closed early, read a short rest of it to keep the connection. Default: true.",
  )
    .optional(),
  unixSocket: text("Path of a unix socket to send every request through.").min(1, { error: "a path" }).optional(),
  proxy: proxy.optional(),
  socket: z.enum(["auto", "node", "native"], { error: "auto, node or native" })
    .describe("The socket adapter: the runtime's fastest, node:net, or the runtime's own. Default: auto.").optional(),
}, { error: "an object" }).describe("How connections are made and kept.");

export const tlsSchema = z.strictObject({
  insecure: flag("Accept any server certificate. Default: false.").optional(),
  cacert: pemFile("PEM file of the authorities to trust instead of the runtime's.").optional(),
  cert: pemFile("PEM file of the client's certificate and any intermediate ones. Needs `key`.")
    .optional(),
  key: pemFile("PEM file of the client certificate's private key, without a passphrase.").optional(),
  servername: text("The server name to ask for and verify. Default: the URL's host.")
    .regex(/^[\w.:-]+$/, { error: "a host name" }).optional(),
}, { error: "an object" }).describe("How https is spoken.");

export const targetSchema = z.strictObject({
  bodyBytes: size("Size of each response's body. Default: 1KiB.").optional(),
  bodyBytesMax: size("If given, each body's size is random, from `bodyBytes` to this.").optional(),
  latency: duration("Wait before each response. Default: 0.", { zero: true }).optional(),
  chunked: flag("Send responses chunked, without a Content-Length. Default: false.").optional(),
  slowBody: duration("Time from a body's first to its last byte, in ten pieces. Default: 0, all at once.", {
    zero: true,
  })
    .optional(),
}, { error: "an object" }).describe("How the embedded target answers. It is started if no URL is given.");

/** What is wrong with the expression is the rest of the sentence after the field's name. */
const expression = checkedText("A metric, an operator and a value with its unit.", problemOfThreshold);

export const thresholdRuleSchema = z.strictObject({
  expression,
  abort: flag("End the run after the first second in which the rule does not hold. Default: false.").optional(),
});

const thresholdSchema = z.union([expression, thresholdRuleSchema], {
  error: 'a text such as "p99 < 200ms", or an object of expression and abort',
});

const thresholds = z.array(thresholdSchema, { error: "a list" }).describe(
  "Rules that must hold at the end, such as `p99 < 200ms` or `errors < 1%`; otherwise the exit code is 99. Metrics: " +
    "p50 and any " +
    "other percentile, mean, min, max of `response`, or of another clock as in `service.p99`; errors, status.5xx, " +
    "status.404, rps.achieved, connections.live.end, connections.live.peak, connections.dialed, connections.slope, " +
    "rss.slope, rss.end, rss.peak, leak.held, leak.heldPerRequest. Of one request by its name: `p99{search} < 200ms`; " +
    "so can errors, status.5xx and leak.held.",
);

export const scenarioSchema = z.strictObject({
  $schema: text("The address of this schema, for editors.").optional(),
  name: text("A short name. Default: the file's name.").optional(),
  description: text("What the scenario shows, in one line; `loadgen run --list` prints it.").optional(),
  baseUrl: baseUrl.optional(),
  request: requestSchema.optional(),
  requests: requests.optional(),
  expectStatus: expectStatus.optional(),
  flow: z.enum(["weighted", "sequence"], { error: "weighted or sequence" }).describe(
    "How the run goes through `requests`. weighted: each time one is chosen at random by its weight. sequence: all " +
      "in order, over and over; each sender goes at its own pace and waits for a response before the next request. " +
      "Default: weighted.",
  ).optional(),
  seed: count("Seed of random choices and numbers: the same seed gives the same requests. Default: 1.", 0)
    .optional(),
  variables: variables.optional(),
  feeders: feeders.optional(),
  load: loadSchema.optional(),
  transport: transportSchema.optional(),
  tls: tlsSchema.optional(),
  target: targetSchema.optional(),
  thresholds: thresholds.optional(),
  failOnLeak: flag(
    "Whether the exit code is 99 where the run leaks or grows, or where it cannot be told. Default: false.",
  ).optional(),
}, { error: "an object" }).describe("A loadgen scenario: what to send, how fast, over which connections.");

/** A scenario as it stands in its file: valid, defaults not yet filled in, durations and sizes as they were written. */
export type Scenario = z.infer<typeof scenarioSchema>;

/** The JSON Schema (draft 2020-12) that editors and other tools check scenario files with. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return { title: "loadgen scenario", ...z.toJSONSchema(scenarioSchema, { io: "input" }) };
}
