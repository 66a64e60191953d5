import assert from "node:assert/strict";
import test from "node:test";
import { SocketCounter } from "../../../lib/load/shard/socket_counter.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const PLAN = resolve({ request: { url: "http://h/" } }, "t");
const FETCH = resolve({ request: { url: "http://h/" }, load: { client: "fetch" } }, "t");

/** A kernel that counts these, one after the other. */
function counting(plan: typeof PLAN, ...kernel: (number | undefined)[]) {
  const counts = { dialing: 1, inUse: 2, idle: 3, waiting: 4 };
  const clock = new FakeClock();
  return { clock, counts, counter: new SocketCounter(plan, counts, clock, () => kernel.shift()) };
}

test("socket counter: where both counts agree, they are of one moment", async () => {
  const { counter, clock } = counting(PLAN, 6);
  assert.deepEqual(await counter.count(), { kernel: 6, live: 5, dialing: 1 });
  assert.equal(clock.pending, 0);
});

test("socket counter: where they differ, both are taken once more, as a socket may be closing", async () => {
  const { counter, clock, counts } = counting(PLAN, 7, 4);
  const counted = counter.count();
  counts.idle = 1;
  clock.advance(50);
  assert.deepEqual(await counted, { kernel: 4, live: 3, dialing: 1 });
});

test("socket counter: of a fetch there is nothing to hold the kernel's count against", async () => {
  assert.deepEqual(await counting(FETCH, 9).counter.count(), { kernel: 9 });
});

test("socket counter: nothing is told where the system does not tell", async () => {
  assert.equal(await counting(PLAN, undefined).counter.count(), undefined);
});
