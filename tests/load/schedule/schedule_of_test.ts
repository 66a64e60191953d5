import assert from "node:assert/strict";
import test from "node:test";
import { scheduleOf } from "../../../lib/load/schedule/schedule_of.ts";
import { resolveLoad } from "../../../lib/scenario/resolve/resolve_load.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";

type Load = NonNullable<Scenario["load"]>;

test("schedule: a plan's ends where its duration or its number of requests says so", () => {
  const stages = [{ duration: "1s", rps: 200 }, { duration: "1s", rps: 200 }];
  const cases: readonly (readonly [load: Load, count: number, endMs: number, rps: number])[] = [
    [{ rps: 500 }, 5000, 10_000, 500],
    [{ rps: 99.9, duration: "7s" }, 700, 7000, 99.9],
    [{ rps: 50, requests: 10 }, 10, 200, 50],
    [{ rps: 50, requests: 10, duration: "100ms" }, 5, 100, 50],
    [{ stages }, 300, 2000, 150],
    [{ rps: 200, stages }, 400, 2000, 200],
    [{ stages, duration: "500ms" }, 25, 500, 50],
    [{ stages, duration: "1h" }, 300, 2000, 150],
    [{ stages, requests: 25 }, 25, 500, 50],
    [{ stages, requests: 1000 }, 300, 2000, 150],
    [{ timestamps: "x" }, 4, 400, 10],
    [{ timestamps: "x", requests: 2 }, 2, 200, 10],
    [{ timestamps: "x", duration: "150ms" }, 2, 150, 2000 / 150],
  ];
  for (const [load, count, endMs, rps] of cases) {
    const schedule = scheduleOf(resolveLoad(load), [0, 100, 200, 400])!;
    assert.deepEqual([schedule.count, schedule.endMs, schedule.rps], [count, endMs, rps], JSON.stringify(load));
  }
});

test("schedule: a plan's seed and arrivals reach it", () => {
  const dueOf = (load: Load) => scheduleOf(resolveLoad({ rps: 1000, ...load }))!.dueMs(1);
  assert.equal(dueOf({ arrivals: "constant" }), 1);
  assert.notEqual(dueOf({ arrivals: "poisson" }), 1);
  assert.equal(dueOf({ arrivals: "poisson" }), dueOf({ arrivals: "poisson", seed: 1 }));
  assert.notEqual(dueOf({ arrivals: "poisson", seed: 2 }), dueOf({ arrivals: "poisson", seed: 1 }));
});

test("schedule: a closed loop has none, and timestamps that nobody read are an error", () => {
  assert.equal(scheduleOf(resolveLoad({ thinkTime: "1s" })), undefined);
  assert.throws(() => scheduleOf(resolveLoad({ timestamps: "x" })), /timestamps/);
});
