import assert from "node:assert/strict";
import test from "node:test";
import type { Slopes } from "../../lib/load/slopes.ts";
import { judgeLeak, type LeakFacts } from "../../lib/result/leak_verdict.ts";

const MIB = 1024 * 1024;
const FLAT = { slope: 0, low: 0, high: 0 };

interface Changes extends Partial<Pick<LeakFacts, "socket" | "byRequest" | "settled" | "sockets">> {
  readonly answered?: number;
  readonly held?: number;
  readonly idle?: number;
  readonly awaitingHead?: number;
  readonly waiting?: number;
  readonly slopes?: Partial<Slopes>;
}

function facts(changes: Changes): LeakFacts {
  const { answered = 5000, held = 0, idle = 0, awaitingHead = 0, waiting = 0, ...rest } = changes;
  const live = held + idle + awaitingHead;
  return {
    socket: "node",
    heldBodies: held,
    byRequest: [{ name: "look", held }],
    census: {
      live,
      heldBodies: held,
      dialing: 0,
      inUse: held + awaitingHead,
      idle,
      waiting,
      readLoops: { awaitingBodyRead: held, awaitingHead },
      writeLoops: {},
      totals: { dialed: live, reused: 0, retried: 0, closed: {} },
    },
    live: { start: 0, peak: live, end: live },
    rssBytes: { start: 50 * MIB, peak: 250 * MIB, end: 250 * MIB },
    requests: {
      offered: answered + awaitingHead + waiting,
      completed: answered,
      failed: 0,
      inFlight: awaitingHead,
      unsent: waiting,
      byStatus: answered === 0 ? {} : { "200": answered },
      byError: {},
    },
    ...rest,
    slopes: {
      connectionsPerRequest: FLAT,
      rssBytesPerRequest: FLAT,
      lateRssBytesPerRequest: FLAT,
      rssBytesPerHeld: undefined,
      rssBytesChange: 0,
      ...rest.slopes,
    },
  };
}

const TOO_SHORT: Slopes = {
  connectionsPerRequest: undefined,
  rssBytesPerRequest: undefined,
  lateRssBytesPerRequest: undefined,
  rssBytesPerHeld: undefined,
  rssBytesChange: 0,
};

test("leak: a held body leaks, however few there are and however short the run", () => {
  for (const [held, answered] of [[5, 5], [17, 2000], [25, 25_000], [1, 100_000]] as const) {
    for (const slopes of [{}, TOO_SHORT]) {
      const leak = judgeLeak(facts({ held, answered, idle: 100, slopes }));
      assert.deepEqual([leak.verdict, leak.kind, leak.where, leak.heldBodies], ["leaking", "bodies", "client", held]);
    }
  }
});

test("leak: the sentence says how many of how many, how surely, what it does and what ends it", () => {
  assert.equal(
    judgeLeak(facts({ held: 25, answered: 25_000 })).reason,
    "bodies leak in the client: 25 of 25,000 answers are neither read to their end nor closed, 0.0010 per request " +
      "(95 % interval 0.00065 … 0.0015). Each keeps its connection from the pool (its read loop is awaitingBodyRead). " +
      "Read each body to its end, or close it.",
  );
  assert.match(
    judgeLeak(facts({ held: 50, waiting: 4950 })).reason,
    /keeps its connection .*, and 4,950 requests wait for one\./,
  );
});

test("leak: the rate of held bodies has its exact interval", () => {
  const { heldPerRequest } = judgeLeak(facts({ held: 5, answered: 5 }));
  assert.deepEqual(heldPerRequest, { slope: 1, low: 0.4782, high: 1 });
  assert.deepEqual(judgeLeak(facts({ answered: 0 })).heldPerRequest, null);
});

test("leak: of several requests the ones that hold are named, those that hold most first", () => {
  const one = judgeLeak(facts({ held: 20, byRequest: [{ name: "look", held: 20 }, { name: "buy", held: 0 }] }));
  assert.match(one.reason, /, all of them "look"\./);
  assert.deepEqual(one.byRequest, [{ name: "look", held: 20 }]);
  const two = judgeLeak(facts({ held: 25, byRequest: [{ name: "look", held: 5 }, { name: "buy", held: 20 }] }));
  assert.match(two.reason, /, 20 of "buy", 5 of "look"\./);
});

test("leak: what a warm-up left is held, and is of no counted request", () => {
  const only = judgeLeak(facts({ held: 7, byRequest: [{ name: "look", held: 0 }] }));
  assert.deepEqual([only.verdict, only.heldPerRequest?.slope], ["leaking", 0]);
  assert.match(only.reason, /^bodies leak in the client: 7 bodies of the load around the run are held\./);
  const both = judgeLeak(facts({ held: 7, byRequest: [{ name: "look", held: 5 }] }));
  assert.match(both.reason, /5 of 5,000 answers .*, and 2 of the load around the run\./);
});

test("leak: an overload is none, and the slope beside it has its reason", () => {
  const rising = { connectionsPerRequest: { slope: 2.592, low: 2.5, high: 2.6 } };
  const leak = judgeLeak(facts({ answered: 600, awaitingHead: 1208, slopes: rising }));
  assert.equal(leak.verdict, "clean");
  assert.match(
    leak.reason,
    /connections rose to 1,208 because 1,208 requests wait for the server's answer/,
  );
});

test("leak: a pool that fills is none, and the slope beside it has its reason", () => {
  const filling = { connectionsPerRequest: { slope: 0.1, low: 0.05, high: 0.2 } };
  const leak = judgeLeak(facts({ idle: 64, slopes: filling }));
  assert.equal(leak.verdict, "clean");
  assert.match(
    leak.reason,
    /connections rose to 64 because the pool filled: 64 of them are idle/,
  );
});

test("leak: memory that surely grows to the end, with nothing held to explain it, grows", () => {
  const rise = { slope: 40_000, low: 39_000, high: 41_000 };
  const growing = { rssBytesPerRequest: rise, lateRssBytesPerRequest: rise, rssBytesChange: 190 * MIB };
  const leak = judgeLeak(facts({ idle: 4, slopes: growing }));
  assert.deepEqual([leak.verdict, leak.kind, leak.where], ["growing", "memory", "client"]);
  assert.match(leak.reason, /^memory grows in the client by 39\.1 KiB with each request \(95 % interval/);

  const warming = { ...growing, lateRssBytesPerRequest: { slope: 10_000, low: 9000, high: 11_000 } };
  assert.equal(judgeLeak(facts({ idle: 4, slopes: warming })).verdict, "clean");
  const queued = judgeLeak(facts({ waiting: 9000, slopes: growing }));
  assert.equal(queued.verdict, "clean");
  assert.match(queued.reason, /memory rose by 190 MiB .*, with 9,000 connections or unanswered requests at its end/);
  assert.equal(judgeLeak(facts({ slopes: { ...growing, rssBytesChange: 40 * MIB } })).verdict, "inconclusive");
});

test("leak: without an answer, or too short for memory, there is no verdict, but what would give one", () => {
  const dead = judgeLeak(facts({ answered: 0 }));
  assert.equal(dead.verdict, "inconclusive");
  assert.match(dead.reason, /once the server answers/);
  const short = judgeLeak(facts({ slopes: TOO_SHORT }));
  assert.equal(short.verdict, "inconclusive");
  assert.match(short.reason, /^no body is held after 5,000 answered requests, .*two seconds or more/);
});

test("leak: what a held body costs is said only if the held ones outweigh the run's own growth, and surely", () => {
  const each = { slope: 9000, low: 8500, high: 9500 };
  const cost = (held: number, answered: number, rssBytesPerHeld = each) =>
    judgeLeak(facts({ held, answered, slopes: { rssBytesPerHeld } })).rssBytesPerHeld;
  assert.deepEqual(cost(5000, 5000), each);
  assert.match(
    judgeLeak(facts({ held: 5000, slopes: { rssBytesPerHeld: each } })).reason,
    /, at 8\.8 KiB of memory each \(95 % interval 8\.3 KiB … 9\.3 KiB\)/,
  );
  assert.equal(cost(17, 17), null, "their memory is less than any run grows by");
  assert.equal(cost(2000, 200_000), null, "what the other requests leave weighs as much");
  assert.equal(
    cost(5000, 5000, { slope: 9000, low: 1000, high: 12_000 }),
    null,
    "the interval is wider than the figure",
  );
  assert.equal(cost(5000, 5000, { slope: 9000, low: -10, high: 8000 }), null);
});

test("leak: of a fetch, what is held leaks, and its calls under way are no connections", () => {
  const leak = judgeLeak(facts({ socket: "fetch", held: 50 }));
  assert.equal(leak.verdict, "leaking");
  assert.match(
    leak.reason,
    /^bodies leak in the client: 50 of 5,000 answers are neither read nor cancelled.*or cancel it\.$/,
  );
  const slow = judgeLeak(
    facts({ socket: "fetch", awaitingHead: 500, slopes: { connectionsPerRequest: { slope: 1, low: 0.99, high: 1 } } }),
  );
  assert.deepEqual(
    [slow.verdict, slow.reason],
    ["clean", "nothing leaks: no body is held after 5,000 answered requests."],
  );
});

/** Five seconds after the load, with so much memory. */
function settledAt(rssBytes: number, facts: LeakFacts): LeakFacts {
  const process = { rssBytes, heapBytes: 0, externalBytes: 0, cpuUs: 0, runnableUs: 0 };
  return { ...facts, settled: { durationMs: 5000, census: facts.census, heldByRequest: [], process } };
}

test("leak: memory that a collection gives back after the load does not grow", () => {
  const rise = { slope: 40_000, low: 39_000, high: 41_000 };
  const slopes = { rssBytesPerRequest: rise, lateRssBytesPerRequest: rise, rssBytesChange: 190 * MIB };
  assert.equal(judgeLeak(settledAt(70 * MIB, facts({ slopes }))).verdict, "clean");
  const kept = judgeLeak(settledAt(240 * MIB, facts({ slopes })));
  assert.equal(kept.verdict, "growing");
  assert.match(kept.reason, /180 MiB .*what a collection gave back left out.* A heap snapshot tells what holds it\.$/);
});

test("leak: connections that a slow server still holds after settling are its own", () => {
  const leak = judgeLeak(settledAt(250 * MIB, facts({ awaitingHead: 40 })));
  assert.equal(leak.verdict, "clean");
  assert.match(leak.reason, /connections rose to 40 because 40 requests wait for the server's answer/);
});

test("leak: sockets that only the kernel knows of leak, once the run has settled", () => {
  const start = { kernel: 2, live: 0, dialing: 0 };
  const end = { kernel: 60, live: 10, dialing: 0 };
  assert.equal(judgeLeak(facts({ sockets: { start, end } })).verdict, "clean", "they may be closing");
  const leak = judgeLeak(settledAt(250 * MIB, facts({ sockets: { start, end, settled: end } })));
  assert.deepEqual([leak.verdict, leak.kind, leak.where], ["leaking", "connections", "client"]);
  assert.match(leak.reason, /^connections leak in the client: 5 s after the load the kernel counts 48 sockets/);
  const own = judgeLeak(settledAt(250 * MIB, facts({ sockets: { start, end, settled: { ...end, kernel: 14 } } })));
  assert.equal(own.verdict, "clean", "two were the program's own, two are few");
});
