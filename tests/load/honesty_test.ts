// Whether the latencies are true: runs against servers whose every delay is known.
//
// The machine may be busy, and a test must not fail for that. So the servers run in processes of their own and record
// what they really did. What a run says is held between two bounds. No answer arrives before it was sent: the lower one
// is causality's, on any machine, and a generator that leaves out waiting breaks it. From above, an answer may be stamped
// late while the generator has no core: the run's own loop delay tells by how much.
// `tests/bench/known_latency.ts` prints the close comparison for a quiet machine; in simulated time nothing is late, and
// the comparison is exact.

import assert from "node:assert/strict";
import test from "node:test";
import { ResponseHead } from "../../lib/http1/response_head.ts";
import { Attempt, type AttemptOwner } from "../../lib/load/driver/attempt.ts";
import type { Driver } from "../../lib/load/driver/driver.ts";
import { generatorOf } from "../../lib/load/generator/generator_of.ts";
import type { Pacer } from "../../lib/load/pacer/pacer.ts";
import { runLoad } from "../../lib/load/run.ts";
import { latencyHistogram } from "../../lib/record/latency_recorder.ts";
import { summarize } from "../../lib/result/summary.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import type { Answers } from "../support/delaying_server.ts";
import { FakeClock } from "../support/fake_clock.ts";
import type { Freeze } from "../support/freezing_server.ts";
import { measureKnownLatency } from "../support/known_latency.ts";
import { TimedServer } from "../support/timed_server.ts";

const CONNECTIONS = 4;
const RPS = 100;
const FROZEN_INDEX = 150;
const FREEZE_MS = 2000;

/** A shorter stall may pass between two looks of the loop delay's probe. */
const LEAST_PROBED_US = 10_000;

test("honesty: while the server freezes each request ages from its due instant, and the service clock sees none of it", async () => {
  await using server = await TimedServer.start<Freeze>("freezing_server", FROZEN_INDEX, FREEZE_MS);
  // Few connections: their requests alone are on the wire when the server freezes, all others wait unsent. A generator
  // that counts from sending, or that waits for answers before it sends more, sees four slow requests of 500.
  const plan = resolve({
    request: { url: server.url },
    load: { rps: RPS, duration: "5s", grace: "10s" },
    transport: { maxConnsPerHost: CONNECTIONS },
  });
  let startedMs = Infinity;
  const tick = ({ elapsedMs }: { readonly elapsedMs: number }): void => {
    // some time passes between the two readings: the least is the nearest
    startedMs = Math.min(startedMs, performance.timeOrigin + performance.now() - elapsedMs);
  };
  const result = summarize(plan, await runLoad(plan, { observers: [{ tick }] }));
  const { untilMs, answeredMs } = await server.report();

  assert.equal(result.requests.offered, 500);
  assert.equal(result.requests.completed, 500);
  assert.deepEqual(result.series.slice(0, 5).map(({ offered }) => offered), [100, 100, 100, 100, 100]);

  const least = latencyHistogram(); // from the schedule and the freeze alone
  const truth = latencyHistogram(); // and with what the server took for those who had waited
  for (let i = 0; i < 500; i++) {
    const dueMs = startedMs + (i * 1000) / RPS;
    least.recordValue(i < FROZEN_INDEX ? 0 : Math.max(0, Math.round((untilMs - dueMs) * 1000)));
    truth.recordValue(Math.max(0, Math.round((answeredMs[i]! - dueMs) * 1000)));
  }
  const { response, service, lag } = result.latencyUs;
  // On a quiet machine the two bounds are one: p90 is 1.5 s and p99 1.95 s. Of p50 3 % say nothing: the freeze spares three
  // of five requests, and the ms or less that they take is the machine's.
  const stampedLateUs = LEAST_PROBED_US + result.generator.loopDelayUs.max;
  for (const [percentile, us] of [[50, response.p50], [90, response.p90], [99, response.p99]] as const) {
    const [leastUs, trueUs] = [least, truth].map((histogram) => histogram.getValueAtPercentile(percentile));
    assert.equal(leastUs! > 1_000_000, percentile > 50, "the freeze is in p90 and p99, and not in p50");
    assert.ok(us >= 0.97 * leastUs!, `p${percentile}: ${us} µs, at least ${leastUs} µs`);
    assert.ok(us <= trueUs! + Math.max(0.03 * trueUs!, stampedLateUs), `p${percentile}: ${us} µs, truly ${trueUs} µs`);
  }

  assert.ok(service.max >= 0.95 * FREEZE_MS * 1000, `${service.max} µs: who was on the wire did wait`);
  assert.ok(service.p90 < response.p90 / 2, `service p90 ${service.p90} µs, response p90 ${response.p90} µs`);
  assert.ok(lag.p90 > 1_000_000, `${lag.p90} µs: the others waited for a connection`);
});

/** Answers after a ms, but for a freeze, over a few connections; who finds none free waits. Time is the clock's. */
class SimulatedServer implements Driver {
  readonly exhausted = false;
  readonly #clock: FakeClock;
  readonly #startMs: number;
  readonly #waiting: Attempt[] = [];
  readonly #head: ResponseHead = new ResponseHead();
  #busy = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
    this.#startMs = clock.nowMs();
    this.#head.status = 200;
  }

  attempt(owner: AttemptOwner): Attempt {
    return new Attempt(owner, 0);
  }

  send(attempt: Attempt): void {
    this.#waiting.push(attempt);
    this.#serve();
  }

  #serve(): void {
    while (this.#busy < CONNECTIONS && this.#waiting.length > 0) {
      const attempt = this.#waiting.shift()!;
      this.#busy += 1;
      attempt.sent(false);
      const nowMs = this.#clock.nowMs() - this.#startMs;
      this.#clock.setTimer(answeredAt(nowMs) - nowMs, () => {
        attempt.firstByte(false);
        attempt.head(this.#head);
        attempt.end();
        this.#busy -= 1;
        this.#serve();
      });
    }
  }
}

/** A request is sent once its instant is over. */
const LATE_MS = 0.001;
const FROZEN_FROM_MS = (FROZEN_INDEX * 1000) / RPS;
const FROZEN_UNTIL_MS = FROZEN_FROM_MS + FREEZE_MS;

function answeredAt(sentMs: number): number {
  return (sentMs >= FROZEN_FROM_MS && sentMs < FROZEN_UNTIL_MS ? FROZEN_UNTIL_MS : sentMs) + 1;
}

test("honesty: in simulated time p50, p90 and p99 are those of the schedule and the freeze, on both clocks", async () => {
  const clock = new FakeClock();
  const plan = resolve({ request: { timeout: "0" }, load: { rps: RPS, duration: "5s", grace: "10s" } });
  const never = { beforeSend: () => undefined, onError: () => undefined };
  const pacer: Pacer = {
    wakeAt: (dueMs, callback) => void clock.setTimer(Math.max(0, dueMs + LATE_MS - clock.nowMs()), callback),
    cancel() {},
    stop() {},
  };
  const generator = generatorOf(plan, new SimulatedServer(clock), never, pacer, clock);
  generator.start();
  clock.advance(15_000);
  assert.deepEqual(await generator.ended, { outcome: "completed", reason: "" });
  generator.tally.fold();

  const response: number[] = [];
  const service: number[] = [];
  const freeMs = new Array<number>(CONNECTIONS).fill(0);
  for (let i = 0; i < 500; i++) {
    const dueMs = (i * 1000) / RPS;
    const first = freeMs.indexOf(Math.min(...freeMs));
    const sentMs = Math.max(dueMs + LATE_MS, freeMs[first]!);
    freeMs[first] = answeredAt(sentMs);
    response.push(freeMs[first]! - dueMs);
    service.push(freeMs[first]! - sentMs);
  }
  const { offered, completed, clocks } = generator.tally;
  assert.deepEqual([offered, completed], [500, 500]);
  for (const [name, exact] of [["response", response], ["service", service]] as const) {
    const sorted = exact.toSorted((a, b) => a - b);
    for (const percentile of [50, 90, 99, 100]) {
      const exactUs = sorted[Math.ceil((percentile / 100) * 500) - 1]! * 1000;
      const us = clocks[name].total.getValueAtPercentile(percentile);
      // HDR tells three digits apart, and whole µs
      assert.ok(
        Math.abs(us - exactUs) <= Math.max(0.001 * exactUs, 1),
        `${name} p${percentile}: ${us} µs, exactly ${exactUs} µs`,
      );
    }
  }
  assert.ok(clocks.service.total.getValueAtPercentile(99) < 1010, "the service clock sees four slow requests of 500");
});

for (const delays of ["fixed", "log-normal"] as const) {
  test(`honesty: percentiles are those of the server's own delays, ${delays}`, async () => {
    await using server = await TimedServer.start<Answers>("delaying_server", delays);
    const measured = { rps: 1000, requests: 2000 };
    const { completed, response, truth, longestStallUs } = await measureKnownLatency(server, measured, []);
    assert.equal(completed, 2000);
    for (const percentile of [50, 90, 99]) {
      const us = response.getValueAtPercentile(percentile);
      const trueUs = truth.getValueAtPercentile(percentile);
      const allowedUs = Math.max(0.02 * trueUs, 100);
      const what = `p${percentile}: ${us} µs, truly ${trueUs} µs`;
      assert.ok(us >= trueUs - allowedUs, what);
      // A busy machine's stalls pile up in the tail beyond the longest of them: above, only the middle can be held to.
      if (percentile === 50) {
        assert.ok(us <= trueUs + allowedUs + LEAST_PROBED_US + longestStallUs, `${what}, stall ${longestStallUs} µs`);
      }
    }
  });
}
