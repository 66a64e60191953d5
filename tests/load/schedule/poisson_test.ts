import assert from "node:assert/strict";
import test from "node:test";
import { PoissonPoints } from "../../../lib/load/schedule/poisson_points.ts";
import { RateSchedule } from "../../../lib/load/schedule/rate_schedule.ts";
import { RateCurve } from "../../../lib/load/schedule/rate_curve.ts";
import { CRITICAL, exponential, kolmogorovSmirnov } from "./kolmogorov_smirnov.ts";

/** What all three runtimes gave. */
const GOLDEN = {
  one: [1.8058718946056487, 1.9640870165288051, 251.33677403664493, 252.7966543763172],
  others: [2.0292386219872625, 1001170.7870229363, 999975767.9174373],
};

const SEEDS = [1, 2, 3, 42, 4_294_967_295];

function first(points: PoissonPoints, count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, i) => points.at(from + i));
}

function distances(values: readonly number[], from = 0): number[] {
  return values.map((value, i) => value - (values[i - 1] ?? from));
}

test("poisson: a seed gives the same arrivals under every runtime, to the last bit", () => {
  const told = (seed: number, index: number) => new PoissonPoints(seed).at(index);
  assert.deepEqual([told(1, 0), told(1, 1), told(1, 255), told(1, 256)], GOLDEN.one);
  assert.deepEqual([told(4_294_967_295, 0), told(0, 1_000_000), told(1, 1e9)], GOLDEN.others);
});

test("poisson: distances between arrivals are exponential", () => {
  for (const seed of SEEDS) {
    const statistic = kolmogorovSmirnov(distances(first(new PoissonPoints(seed), 20_000)), exponential);
    assert.ok(statistic < CRITICAL, `seed ${seed}: ${statistic}`);
  }
  const even = kolmogorovSmirnov(new Array<number>(20_000).fill(1), exponential);
  assert.ok(even > CRITICAL, "the test can tell");
});

test("poisson: neighbouring distances do not depend on each other", () => {
  for (const seed of SEEDS) {
    const gaps = distances(first(new PoissonPoints(seed), 20_000)).map((gap) => gap - 1);
    const product = gaps.slice(1).reduce((sum, gap, i) => sum + gap * gaps[i]!, 0);
    assert.ok(Math.abs(product) < 3.3 * Math.sqrt(gaps.length), `seed ${seed}: ${product}`);
  }
});

test("poisson: counts vary as much as they should, in stretches shorter and longer than a block", () => {
  for (const length of [1, 100, 5000]) {
    const points = new PoissonPoints(7);
    const stretches = 400;
    let squares = 0;
    for (let i = 0; i < stretches; i++) {
      const count = points.before((i + 1) * length) - points.before(i * length);
      squares += (count - length) ** 2 / length;
    }
    const deviation = Math.sqrt(stretches * (2 + 1 / length)); // of this sum, from a Poisson variable's fourth moment
    assert.ok(Math.abs(squares - stretches) < 3.3 * deviation, `${length}: ${squares}`);
  }
});

test("poisson: the time-warped arrivals of stages are a Poisson process of their rate", () => {
  const rates = RateCurve.stages(0, [{ durationMs: 20_000, rps: 1000 }, { durationMs: 0, rps: 100 }, {
    durationMs: 9000,
    rps: 0,
  }]);
  const expectedBefore = (ms: number) =>
    // its area, written down again
    ms < 20_000 ? (ms * ms) / 40_000 : 10_000 + 0.1 * (ms - 20_000) - (ms - 20_000) ** 2 / 180_000;
  for (const seed of SEEDS) {
    const schedule = new RateSchedule(rates, new PoissonPoints(seed));
    const due = Array.from({ length: schedule.count }, (_, i) => schedule.dueMs(i));
    assert.ok(Math.abs(due.length - 10_450) < 3.3 * Math.sqrt(10_450), `seed ${seed}: ${due.length} requests`);
    const gaps = kolmogorovSmirnov(distances(due.map(expectedBefore)), exponential);
    assert.ok(gaps < CRITICAL, `seed ${seed}: ${gaps}`);
    // given how many there are, each is where it is by the rate alone
    const places = kolmogorovSmirnov(due, (ms) => expectedBefore(ms) / 10_450);
    assert.ok(places < CRITICAL, `seed ${seed}: ${places}`);
  }
});

test("poisson: an arrival is the same however it is come by", () => {
  const inOrder = first(new PoissonPoints(5), 3000);
  const points = new PoissonPoints(5);
  const far = points.at(5_000_000);
  for (let i = 0; i < 3000; i++) {
    const index = (i * 1777) % 3000;
    assert.equal(points.at(index), inOrder[index]);
  }
  assert.equal(points.at(5_000_000), far);
  assert.equal(points.before(far), 5_000_000);
  assert.equal(new PoissonPoints(5).before(far), 5_000_000);
});

test("poisson: other seeds, other arrivals", () => {
  assert.equal(new Set([0, 1, 2, 3, 4_294_967_295].map((seed) => new PoissonPoints(seed).at(0))).size, 5);
});

test("poisson: 10⁹ requests at 10⁶ rps keep their rate, and can be counted", () => {
  const schedule = new RateSchedule(RateCurve.constant(1e6).until(1e6), new PoissonPoints(1));
  assert.ok(Math.abs(schedule.count - 1e9) < 3.3 * Math.sqrt(1e9), `${schedule.count}`);
  const last = schedule.dueMs(schedule.count - 1);
  assert.ok(last < 1e6 && last > 1e6 - 0.1);
  assert.equal(schedule.dueBefore(last), schedule.count - 1);
});
