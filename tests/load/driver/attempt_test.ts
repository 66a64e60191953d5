import assert from "node:assert/strict";
import test from "node:test";
import { Tally } from "../../../lib/load/account/tally.ts";
import { Attempt, type AttemptOwner, type Failure } from "../../../lib/load/driver/attempt.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const HEAD = { status: 200, rawHeaders: () => [] };
const BROKEN: Failure = { phase: "body", code: "ECONNRESET", message: "reset" };

/** A generator that writes down what it is told. */
class Owner implements AttemptOwner {
  readonly clock = new FakeClock();
  readonly tally = new Tally();
  readonly told: string[] = [];
  bodyPolicy = "read" as const;
  sentMs = 0;
  arrivedMs = 0;
  nowMs = 0;

  finished(_attempt: Attempt, reusable: boolean, endedMs: number): void {
    this.told.push(`finished at ${endedMs - START_MS}${reusable ? "" : ", not reusable"}`);
  }

  failed({ phase, code }: Failure): void {
    this.told.push(`failed: ${phase}/${code}`);
  }
}

const START_MS = new FakeClock().nowMs();

function counts({ offered, completed, failed, inFlight, unsent }: Tally): number[] {
  return [offered, completed, failed, inFlight, unsent];
}

test("attempt: from due to done each step moves one count, and each span goes to its clock", () => {
  const owner = new Owner();
  const { clock, tally } = owner;
  const attempt = new Attempt(owner, 0);
  clock.lag(10);
  attempt.begin(START_MS);
  assert.deepEqual(counts(tally), [1, 0, 0, 0, 1]);
  attempt.handedOver();
  clock.lag(5);
  attempt.sent(false);
  assert.deepEqual(counts(tally), [1, 0, 0, 1, 0]);
  clock.lag(20);
  attempt.firstByte(false);
  attempt.head(HEAD);
  clock.lag(30);
  attempt.arrived();
  attempt.end();
  assert.deepEqual(counts(tally), [1, 1, 0, 0, 0]);
  assert.deepEqual(owner.told, ["finished at 65"]);
  tally.fold();
  const us = Object.fromEntries(Object.entries(tally.clocks).map(([name, { total }]) => [name, total.maxValue]));
  assert.ok(Math.abs(us["response"]! - 65_000) < 50 && Math.abs(us["service"]! - 50_000) < 50);
  assert.ok(Math.abs(us["lag"]! - 15_000) < 50 && Math.abs(us["dispatch"]! - 10_000) < 50);
  assert.ok(Math.abs(us["wait"]! - 5000) < 50 && Math.abs(us["firstByte"]! - 20_000) < 50);
  assert.deepEqual([us["connect"], us["censored"]], [0, 0]);
});

test("attempt: of several sendings the first one counts", () => {
  const owner = new Owner();
  const attempt = new Attempt(owner, 0);
  attempt.begin(START_MS);
  attempt.sent(false);
  owner.clock.lag(50);
  attempt.sent(false);
  assert.deepEqual(counts(owner.tally), [1, 0, 0, 1, 0]);
  owner.tally.fold();
  assert.deepEqual([owner.tally.clocks.lag.total.totalCount, owner.tally.clocks.lag.total.maxValue], [1, 0]);
});

test("attempt: a failure counts by phase and code, be it sent or not, and once", () => {
  const owner = new Owner();
  for (const sent of [false, true]) {
    const attempt = new Attempt(owner, 0);
    attempt.begin(START_MS);
    if (sent) attempt.sent(false);
    attempt.fail(BROKEN);
    attempt.fail(BROKEN);
    attempt.end();
  }
  assert.deepEqual(counts(owner.tally), [2, 0, 2, 0, 0]);
  assert.deepEqual(owner.tally.byError(), { "body/ECONNRESET": 2 });
  assert.deepEqual(owner.told, Array(2).fill(["failed: body/ECONNRESET", "finished at 0"]).flat());
});

test("attempt: a body that is held completes its request, and breaks without a word", () => {
  const owner = new Owner();
  const attempt = new Attempt(owner, 0);
  attempt.begin(START_MS);
  attempt.sent(false);
  attempt.firstByte(false);
  attempt.head(HEAD);
  attempt.hold();
  attempt.fail(BROKEN);
  assert.deepEqual(counts(owner.tally), [1, 1, 0, 0, 0]);
  assert.deepEqual(owner.told, ["finished at 0, not reusable"]);
});

test("attempt: what happens to it after the run's end moves no count", () => {
  for (const late of ["end", "hold", "fail"] as const) {
    const owner = new Owner();
    const attempt = new Attempt(owner, 0);
    attempt.begin(START_MS);
    attempt.sent(false);
    owner.clock.lag(100);
    attempt.censor(owner.clock.nowMs());
    attempt.firstByte(false);
    attempt.head(HEAD);
    if (late === "fail") attempt.fail(BROKEN);
    else attempt[late]();
    assert.deepEqual([late, ...counts(owner.tally), ...owner.told], [late, 1, 0, 0, 1, 0]);
    owner.tally.fold();
    assert.equal(owner.tally.clocks.censored.total.totalCount, 1);
  }
});
