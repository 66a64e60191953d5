// The far side of a link on a clock of the test's own: what it tells of a second, however late it comes to tell it.

import assert from "node:assert/strict";
import test from "node:test";
import type { FromHost } from "../../../lib/load/link/message.ts";
import { ShardHost } from "../../../lib/load/link/shard_host.ts";
import { ALONE } from "../../../lib/load/shard/neighbours.ts";
import type { ShardSecond } from "../../../lib/load/shard/shard_second.ts";
import { ThreadShard } from "../../../lib/load/shard/thread_shard.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { SimulatedEngine } from "../../support/simulated_engine.ts";
import { simulatedPacer } from "../../support/simulated_run.ts";

/** A host with one of two shares, which has begun, and the seconds that it told. */
async function begun(
  load: NonNullable<Scenario["load"]>,
  index = 0,
): Promise<{ clock: FakeClock; seconds: ShardSecond[] }> {
  const plan = resolve({ load });
  const share = { index, of: 2 };
  const clock = new FakeClock();
  const seconds: ShardSecond[] = [];
  const host = new ShardHost(
    () => {
      const engine = new SimulatedEngine(plan, clock);
      const pacer = simulatedPacer(clock);
      return Promise.resolve(new ThreadShard(plan, {}, engine, pacer, clock, false, { ...ALONE, share }));
    },
    (message: FromHost) => message.kind === "second" && seconds.push(message.second),
    clock,
  );
  host.hear({ kind: "open", task: { plan, share, inputs: { environment: {} }, steered: false, shared: undefined } });
  await Promise.resolve();
  await Promise.resolve();
  host.hear({ kind: "start", at: undefined, early: undefined });
  return { clock, seconds };
}

function offered(seconds: readonly ShardSecond[]): number[] {
  for (const { offered, completed, failed, inFlight, unsent } of seconds) {
    assert.equal(offered, completed + failed + inFlight + unsent, "every request is accounted for");
  }
  return seconds.map((second) => second.offered);
}

test("shard host: a second is told with what was due by its end, however late the wake-up that tells it", async () => {
  // of the first share, a request is due as each second ends
  for (const [index, told] of [[0, [51, 101, 151, 201]], [1, [50, 100, 150, 200]]] as const) {
    const { clock, seconds } = await begun({ rps: 100, duration: "60s" }, index);
    clock.advance(999);
    assert.deepEqual(offered(seconds), []);
    clock.advance(2);
    assert.deepEqual(offered(seconds), told.slice(0, 1));
    clock.advance(989);
    clock.lag(1700); // the thread stands still
    clock.advance(0);
    assert.deepEqual(offered(seconds), told.slice(0, 3));
    clock.advance(1000);
    assert.deepEqual(offered(seconds), told);
  }
});

test("shard host: a second in which nothing is due ends as well", async () => {
  const { clock, seconds } = await begun({ rps: 0.5, duration: "60s" });
  clock.advance(3001);
  assert.deepEqual(offered(seconds), [1, 1, 1]);
});

test("shard host: in a closed loop, a second has what was sent until it was told", async () => {
  const { clock, seconds } = await begun({ connections: 1, thinkTime: "9ms", duration: "60s" });
  clock.advance(2001);
  assert.equal(seconds.length, 2);
  offered(seconds);
});
