import assert from "node:assert/strict";
import test from "node:test";
import { rssBytesPerHeld } from "../../lib/result/held_cost.ts";
import { judgeLeak } from "../../lib/result/leak_verdict.ts";

type LeakFacts = Parameters<typeof judgeLeak>[0];

const MIB = 1024 * 1024;
const FLAT = { slope: 0, low: 0, high: 0 };

function facts(
  changes:
    & { held?: number; live?: number; waiting?: number; rssEnd?: number }
    & Partial<Pick<LeakFacts, "socket" | "connectionsPerRequest" | "rssBytesPerRequest">>,
): LeakFacts {
  const { held = 0, live = held, waiting = 0, rssEnd = 60 * MIB, ...rest } = changes;
  return {
    socket: "node",
    census: {
      live,
      dialing: 0,
      inUse: held,
      idle: live - held,
      waiting,
      readLoops: held === 0 ? {} : { awaitingBodyRead: held },
      writeLoops: {},
      totals: { dialed: live, reused: 0, retried: 0, closed: {} },
    },
    live: { start: 0, peak: live, end: live },
    rssBytes: { start: 50 * MIB, peak: rssEnd, end: rssEnd },
    requests: { offered: 5000, completed: 5000, failed: 0, inFlight: 0, unsent: 0, byStatus: {}, byError: {} },
    connectionsPerRequest: FLAT,
    rssBytesPerRequest: FLAT,
    ...rest,
  };
}

test("leak: connections that climb with the requests leak, and the sentence names the mechanism", () => {
  const leak = judgeLeak(facts({ held: 5000, connectionsPerRequest: { slope: 1, low: 0.99, high: 1 } }));
  assert.equal(leak.verdict, "leaking");
  assert.match(leak.reason, /1\.000 more stay open with each request.*awaitingBodyRead/);
});

test("leak: a pool that filled and stays is clean", () => {
  assert.equal(judgeLeak(facts({ live: 64 })).verdict, "clean");
  const filling = { slope: 0.1, low: 0.05, high: 0.2 }; // a stall of the server had the pool dial
  assert.equal(judgeLeak(facts({ live: 64, held: 2, connectionsPerRequest: filling })).verdict, "clean");
});

test("leak: held bodies at a limit of connections leak although nothing climbs any more", () => {
  const leak = judgeLeak(facts({ held: 50, waiting: 4950 }));
  assert.equal(leak.verdict, "leaking");
  assert.match(leak.reason, /^connections leak up to their limit\..* 4,950 requests wait/);
  const short = judgeLeak(facts({ held: 50, connectionsPerRequest: undefined }));
  assert.match(short.reason, /^connections leak\. .*50 connections/, "nobody waits: no limit was reached");
});

test("leak: memory that climbs alone leaks memory", () => {
  const leak = judgeLeak(
    facts({ live: 4, rssEnd: 250 * MIB, rssBytesPerRequest: { slope: 40_000, low: 39_000, high: 41_000 } }),
  );
  assert.equal(leak.verdict, "leaking");
  assert.match(leak.reason, /^memory grows/);
});

test("leak: without samples or completed requests there is no verdict", () => {
  assert.equal(judgeLeak(facts({ connectionsPerRequest: undefined })).verdict, "inconclusive");
});

test("leak: what a held body costs leaves out what the process needs once", () => {
  const slopes = {
    connectionsPerRequest: { slope: 1, low: 1, high: 1 },
    rssBytesPerRequest: { slope: 4000, low: 3900, high: 4100 },
  };
  assert.equal(rssBytesPerHeld(facts({ held: 1000, rssEnd: 90 * MIB, ...slopes })), 4000);
  assert.equal(rssBytesPerHeld(facts({ held: 10, rssEnd: 60 * MIB })), MIB);
  assert.equal(rssBytesPerHeld(facts({})), null);
});

test("leak: of a fetch, what is held leaks, whatever its calls under way come to", () => {
  const leak = judgeLeak(facts({ socket: "fetch", held: 50, connectionsPerRequest: undefined }));
  assert.equal(leak.verdict, "leaking");
  assert.match(leak.reason, /^bodies leak: 50 of 5,000 responses are neither read nor cancelled/);
  const slow = judgeLeak(
    facts({ socket: "fetch", live: 500, connectionsPerRequest: { slope: 1, low: 0.99, high: 1 } }),
  );
  assert.deepEqual([slow.verdict, slow.reason], ["clean", "no body leaks: 0 held after 5,000 requests."]);
});
