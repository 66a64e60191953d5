import assert from "node:assert/strict";
import test from "node:test";
import { AsideTeller } from "../../lib/load/aside_teller.ts";
import type { Progress } from "../../lib/load/progress.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { FakeClock } from "../support/fake_clock.ts";

const SAMPLE = { rssBytes: 77, heapBytes: 0, externalBytes: 0, cpuUs: 0, runnableUs: 0 };

test("aside teller: says four times a second what goes on, with the connections of the moment, until it is stopped", () => {
  const clock = new FakeClock();
  const told: Progress[] = [];
  const counts = { dialing: 1, inUse: 2, idle: 3, waiting: 4, heldBodies: 1 };
  const plan = resolve({ load: { rps: 7, duration: "9s" } });
  const shard = { counts, sample: () => SAMPLE };
  const teller = new AsideTeller("warming up", plan, shard, { tick: (now) => void told.push(now) }, clock);
  clock.advance(0);
  counts.idle = 30;
  clock.advance(1000);
  teller.stop();
  clock.advance(1000);
  assert.equal(told.length, 5);
  assert.equal(clock.pending, 0);
  assert.deepEqual(told[0], {
    aside: "warming up",
    elapsedMs: 0,
    phase: "sending",
    totalMs: 9000,
    requestsTotal: undefined,
    offered: 0,
    completed: 0,
    failed: 0,
    rpsNow: 0,
    p50Us: undefined,
    p99Us: undefined,
    errorKinds: [],
    rpsTarget: 7,
    live: 5,
    dialing: 1,
    waiting: 4,
    heldBodies: 1,
    rssBytes: 77,
  });
  assert.equal(told[1]!.live, 32);
});
