// The generator on a clock of the test's own: when it sends, how it ends, and that its account is complete at any moment.

import assert from "node:assert/strict";
import test from "node:test";
import type { Failure } from "../../../lib/load/driver/attempt.ts";
import type { Ending } from "../../../lib/load/ending.ts";
import type { Generator } from "../../../lib/load/generator/generator.ts";
import { generatorOf } from "../../../lib/load/generator/generator_of.ts";
import { scheduleOf } from "../../../lib/load/schedule/schedule_of.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { type Answers, SimulatedEngine } from "../../support/simulated_engine.ts";
import { simulatedPacer } from "../../support/simulated_run.ts";

interface World {
  readonly clock: FakeClock;
  readonly engine: SimulatedEngine;
  readonly generator: Generator;
  /** How it ended, once it has. */
  ending: Ending | undefined;
}

function world(
  load: NonNullable<Scenario["load"]>,
  answers: Answers = {},
  {
    request = {},
    beforeSend = (): string | undefined => undefined,
    onError = (_: Failure): string | undefined => undefined,
  }: {
    request?: NonNullable<Scenario["request"]>;
    beforeSend?: () => string | undefined;
    onError?: (failure: Failure) => string | undefined;
  } = {},
): World {
  const clock = new FakeClock();
  const plan = resolve({ request, load: { grace: "1s", ...load } });
  const engine = new SimulatedEngine(plan, clock, answers);
  const rule = { beforeSend, onError };
  const generator = generatorOf(plan, engine, rule, simulatedPacer(clock), clock, scheduleOf(plan.load));
  const it: World = { clock, engine, generator, ending: undefined };
  void generator.ended.then((ending) => it.ending = ending);
  return it;
}

/** Offered, completed, failed, in flight, unsent: the first is the sum of the others. */
function account({ tally }: Generator): number[] {
  const { offered, completed, failed, inFlight, unsent } = tally;
  assert.equal(offered, completed + failed + inFlight + unsent, "every request is accounted for");
  return [offered, completed, failed, inFlight, unsent];
}

const microtask = (): Promise<void> => Promise.resolve();

test("generator: an open loop sends each request at its instant, and what a late wake-up finds due all at once", () => {
  const { clock, engine, generator } = world({ rps: 100, duration: "1s" });
  generator.start();
  clock.advance(95);
  assert.equal(engine.sent, 10);
  clock.lag(405); // the event loop stands still
  clock.advance(0);
  assert.equal(engine.sent, 50, "what was due by then");
  generator.tally.fold();
  const { lag } = generator.tally.clocks;
  assert.ok(Math.abs(lag.total.maxValue - 400_000) <= 500, "the eleventh was due 400 ms before it was sent");
  assert.equal(lag.total.totalCount, 50);
});

test("generator: an open loop waits for no answer, and at its end gives what is in flight its grace", async () => {
  const it = world({ rps: 100, duration: "1s" }, { latencyMs: Infinity }, { request: { timeout: "0" } });
  const { clock, generator } = it;
  generator.start();
  clock.advance(1000);
  assert.ok(generator.dispatching, "the last instant is not over yet");
  clock.advance(1);
  assert.deepEqual([generator.dispatching, generator.dispatchedForMs, ...account(generator)], [
    false,
    1000,
    100,
    0,
    0,
    100,
    0,
  ]);
  clock.advance(998);
  await microtask();
  assert.equal(it.ending, undefined);
  clock.advance(2);
  await microtask();
  assert.deepEqual(it.ending, { outcome: "completed", reason: "" });
  generator.tally.fold();
  assert.equal(generator.tally.clocks.censored.total.totalCount, 100, "each counts with its age");
});

test("generator: what is due and not sent for want of a connection is unsent, and its wait is a part of its lag", () => {
  const { clock, generator } = world({ rps: 100, duration: "1s" }, { latencyMs: 50, connections: 1 });
  generator.start();
  clock.advance(101);
  assert.deepEqual(account(generator), [11, 2, 0, 1, 8]);
  generator.tally.fold();
  const { lag, wait } = generator.tally.clocks;
  assert.equal(lag.total.totalCount, 3);
  assert.ok(
    Math.abs(wait.total.maxValue - 80_000) <= 200,
    `${wait.total.maxValue} µs: the third waited for two answers`,
  );
});

test("generator: a closed loop has as many under way as it has senders, each due when the one before ended", () => {
  const { clock, engine, generator } = world({ connections: 3, requests: 10 }, { latencyMs: 20 });
  generator.start();
  assert.deepEqual(account(generator), [3, 0, 0, 3, 0]);
  clock.advance(20);
  assert.deepEqual(account(generator), [6, 3, 0, 3, 0]);
  clock.advance(60);
  assert.deepEqual([engine.sent, ...account(generator)], [10, 10, 10, 0, 0, 0]);
  generator.tally.fold();
  const { lag, response } = generator.tally.clocks;
  assert.deepEqual([lag.total.maxValue, response.total.minNonZeroValue], [0, response.total.maxValue]);
});

test("generator: a request that is sent as the one before ends takes its instant, without another look at the clock", () => {
  const { clock, generator } = world({ connections: 1, requests: 1000 }, { latencyMs: 1 });
  let looks = 0;
  const nowMs = clock.nowMs.bind(clock);
  clock.nowMs = () => {
    looks += 1;
    return nowMs();
  };
  generator.start();
  looks = 0;
  clock.advance(8); // with a look for timeouts every 10 ms, which is not in it
  assert.deepEqual(account(generator), [9, 8, 0, 1, 0]);
  assert.equal(looks, 8, "one for each answer");
});

test("generator: senders think between their requests, and rest while the load is paused", () => {
  const { clock, generator } = world({ connections: 2, thinkTime: "100ms", duration: "10s" }, { latencyMs: 10 });
  generator.start();
  clock.advance(109);
  assert.equal(generator.tally.offered, 2);
  clock.advance(1);
  assert.equal(generator.tally.offered, 4);
  generator.pause();
  clock.advance(1000);
  assert.deepEqual(account(generator), [4, 4, 0, 0, 0]);
  generator.resume();
  assert.equal(generator.tally.offered, 6, "both go on at once");
});

test("generator: nothing starts before the instant that it is told to start at", () => {
  for (const load of [{ rps: 100, duration: "1s" }, { connections: 1, requests: 5 }]) {
    const { clock, engine, generator } = world(load);
    generator.start(clock.nowMs() + 50);
    assert.equal(generator.elapsedMs(), -50);
    clock.advance(49);
    assert.equal(engine.sent, 0);
    clock.advance(1.5);
    assert.equal(engine.sent, 1);
  }
});

test("generator: a time limit ends what is in flight and what still waits, each by how far it came", async () => {
  const it = world({ rps: 10, duration: "500ms", grace: "10s" }, { latencyMs: Infinity, connections: 2 }, {
    request: { timeout: "1s" },
  });
  const { clock, generator } = it;
  generator.start();
  clock.advance(999);
  assert.deepEqual(account(generator), [5, 0, 0, 2, 3]);
  clock.advance(11);
  assert.deepEqual(account(generator), [5, 0, 1, 2, 2], "the one that waited longest has the connection");
  clock.advance(500);
  await microtask();
  assert.deepEqual([it.ending?.outcome, ...account(generator)], ["completed", 5, 0, 5, 0, 0]);
  assert.deepEqual(Object.keys(generator.tally.byError()), ["head/timeout"]);
  generator.tally.fold();
  const { response } = generator.tally.clocks;
  assert.ok(
    response.total.minNonZeroValue >= 999_000 && response.total.maxValue <= 1_011_000,
    "late by a look at most",
  );
});

test("generator: a rule ends a load before it sends, or for a failure, and what is in flight has its grace", async () => {
  let left = 3;
  const full = world({ rps: 100, duration: "10s" }, { latencyMs: 500 }, {
    beforeSend: () => left-- > 0 ? undefined : "no descriptor is left",
  });
  full.generator.start();
  full.clock.advance(100);
  assert.deepEqual([full.generator.dispatching, ...account(full.generator)], [false, 3, 0, 0, 3, 0]);
  full.clock.advance(500);
  await microtask();
  assert.deepEqual(full.ending, { outcome: "stopped", reason: "no descriptor is left" });
  assert.deepEqual(account(full.generator), [3, 3, 0, 0, 0]);

  const broken = world({ rps: 100, duration: "10s" }, { latencyMs: Infinity }, {
    request: { timeout: "200ms" },
    onError: ({ phase, code }) => `${phase}/${code}`,
  });
  broken.generator.start();
  broken.clock.advance(1500);
  await microtask();
  assert.deepEqual(broken.ending, { outcome: "stopped", reason: "head/timeout" });
});

test("generator: an interrupt waits for nothing, and leaves the reason that there was before", async () => {
  const it = world({ connections: 4, duration: "10s" }, { latencyMs: 300 });
  it.generator.start();
  it.clock.advance(100);
  it.generator.stop({ outcome: "interrupted", reason: "" });
  await microtask();
  assert.equal(it.ending?.outcome, "interrupted");
  assert.deepEqual(account(it.generator), [4, 0, 0, 4, 0]);

  const stopped = world({ connections: 4, duration: "10s" }, { latencyMs: 300 });
  stopped.generator.start();
  stopped.generator.stop({ outcome: "stopped", reason: "a rule" });
  stopped.generator.stop({ outcome: "interrupted", reason: "" });
  await microtask();
  assert.deepEqual(stopped.ending, { outcome: "stopped", reason: "a rule" });
});

test("generator: bodies that are held end their requests, and the next ones need connections of their own", () => {
  const { clock, engine, generator } = world({ connections: 2, requests: 8 }, {}, { request: { bodyPolicy: "hold" } });
  generator.start();
  clock.advance(10);
  assert.deepEqual(account(generator), [8, 8, 0, 0, 0]);
  assert.deepEqual([engine.counts.heldBodies, engine.counts.inUse, engine.census().totals.dialed], [8, 8, 8]);
});
