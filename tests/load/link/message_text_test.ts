import assert from "node:assert/strict";
import test from "node:test";
import { eachClock } from "../../../lib/record/clocks.ts";
import { errorOf, type FromHost, plainError, type ToHost } from "../../../lib/load/link/message.ts";
import { messageToText, parseFromHost, parseToHost } from "../../../lib/load/link/message_text.ts";
import type { ShardSecond } from "../../../lib/load/shard/shard_second.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { UsageError } from "../../../lib/scenario/usage_error.ts";
import { TransportError } from "../../../lib/transport/transport_error.ts";

const PROCESS = { rssBytes: 1, heapBytes: 2, externalBytes: 3, cpuUs: 4.5, runnableUs: 5.5 };
const COUNTS = { offered: 9, completed: 5, failed: 1, inFlight: 2, unsent: 1 };
const PACKED = { counts: [3, 2, 70, 1], max: 71 };
const NAMES = JSON.parse('{"200":5,"__proto__":1,"constructor":2}');

const SECOND: ShardSecond = {
  ...COUNTS,
  elapsedMs: 1000.25,
  answeredInGrace: 2,
  latency: eachClock(() => PACKED),
  loopDelay: PACKED,
  lateUs: 12,
  oldestMs: 0.5,
  byStatus: { 200: 5 },
  errors: { "dial/ECONNREFUSED": PACKED },
  byRequest: [{
    offered: 9,
    completed: 5,
    failed: 1,
    held: 2,
    censored: 3,
    byStatus: { 200: 5 },
    byError: {},
    response: PACKED,
    failures: PACKED,
  }],
  heldByRequest: [2],
  traffic: { bytesSent: 10, bytesReceived: 20 },
  census: {
    live: 3,
    heldBodies: 2,
    dialing: 0,
    inUse: 1,
    idle: 2,
    waiting: 0,
    readLoops: { idle: 2 },
    writeLoops: {},
    totals: { dialed: 3, reused: 2, retried: 0, closed: { idleTimeout: 1 } },
  },
  thread: { cpuUs: 1, runnableUs: 2 },
  process: PROCESS,
};

const RUNTIME = { name: "bun", version: "1.4.5", os: "linux", arch: "x64", cpus: 2 } as const;

const MESSAGES: readonly FromHost[] = [
  { kind: "loaded" },
  { kind: "ready", runtime: RUNTIME, socket: "bun" },
  { kind: "problem", problem: { message: "m", transport: { code: "badProxy", side: "local", phase: "proxy" } } },
  {
    kind: "tick",
    requests: COUNTS,
    counts: { dialing: 1, inUse: 2, idle: 3, waiting: 4, heldBodies: 5 },
    process: PROCESS,
  },
  { kind: "warm" },
  { kind: "warm", offered: 10, early: { outcome: "stopped", reason: "a limit" } },
  { kind: "second", second: SECOND },
  { kind: "dispatched", forMs: 1000 },
  { kind: "ended", ending: { outcome: "completed", reason: "" }, second: SECOND, forMs: 1000 },
  { kind: "cooled", offered: 3 },
  { kind: "inventory", inventory: { durationMs: 0, census: SECOND.census, heldByRequest: [1, 0], process: PROCESS } },
  {
    kind: "inventory",
    inventory: {
      durationMs: 5000,
      census: SECOND.census,
      heldByRequest: [1, 0],
      process: { ...PROCESS, arrayBuffersBytes: 1, descriptors: 2 },
      sockets: { kernel: 3, live: 2, dialing: 1 },
    },
  },
  { kind: "closed" },
];

test("message text: what a host says comes out as it went in, in one line", () => {
  for (const message of MESSAGES) {
    const text = messageToText(message);
    assert.doesNotMatch(text, /\n/);
    assert.deepEqual(parseFromHost(text), message);
  }
});

test("message text: a task's instants come out as plain numbers, and its plan as it was", () => {
  const plan = resolve({ request: { url: "http://127.0.0.1/", headers: { a: "line\nbreak" } }, load: { rps: 5 } });
  const inputs = { timestampsMs: Float64Array.of(0, 1.5), feeds: [{ columns: ["a"], rows: [["b"]] }] };
  const message: ToHost = { kind: "open", task: { plan, inputs, share: { index: 0, of: 1 }, steered: false } };
  const parsed = parseToHost(messageToText(message)) as typeof message;
  assert.deepEqual(parsed.task.inputs, { ...inputs, timestampsMs: [0, 1.5] });
  assert.deepEqual(parsed.task.plan, JSON.parse(JSON.stringify(plan)));
});

test("message text: what is no message is refused in one line that says what it was", () => {
  const second = (change: object) => JSON.stringify({ kind: "second", second: { ...SECOND, ...change } });
  for (
    const [text, problem] of [
      ["hello", /^it said what nobody understands: hello$/],
      ["null", /^it said what nobody understands: null$/],
      ['{"kind":"toString"}', /nobody understands/],
      [`{"kind":"${"x".repeat(500)}"}`, /^it said what nobody understands: .{60}$/],
      ['{"kind":"dispatched","forMs":"long"}', /^its dispatched: forMs: expected number/],
      [second({ loopDelay: { counts: [1, null], max: 1 } }), /^its second: second\.loopDelay\.counts\.1: /],
      [second({ latency: {} }), /^its second: second\.latency\.response: /],
      [second({ process: undefined }), /^its second: second\.process: /],
    ] as const
  ) assert.match(String(parseFromHost(text)), problem);
});

test("message text: codes that are every object's own do no harm", () => {
  const parsed = parseFromHost(messageToText({ kind: "second", second: { ...SECOND, byStatus: NAMES } }));
  assert.equal((parsed as { second: ShardSecond }).second.byStatus["constructor"], 2);
  assert.equal(({} as Record<string, unknown>)["200"], undefined);
});

test("message: an error keeps its class, and what it says of itself", () => {
  const errors = [
    new UsageError("request.body", "expected a variable"),
    new TransportError("no", { code: "badHeaders", side: "local", phase: "write" }),
    new Error("plain"),
  ];
  for (const error of errors) {
    const text = messageToText({ kind: "problem", problem: plainError(error) });
    const { problem } = parseFromHost(text) as FromHost & { kind: "problem" };
    const again = errorOf(problem);
    assert.equal(again.constructor, error.constructor);
    assert.deepEqual({ ...again, message: again.message }, { ...error, message: error.message });
  }
  assert.deepEqual(plainError("odd"), { message: "odd" });
});
