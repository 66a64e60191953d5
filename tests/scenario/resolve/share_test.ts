import assert from "node:assert/strict";
import test from "node:test";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { dealtTo, shareOf } from "../../../lib/scenario/resolve/share.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import { UsageError } from "../../../lib/scenario/usage_error.ts";

test("share: what is dealt out adds up, and those who are ahead are so by one", () => {
  for (const shares of [1, 2, 3, 7]) {
    for (const total of [0, 1, 6, 7, 8, 1000]) {
      const parts = Array.from({ length: shares }, (_, index) => dealtTo({ index, of: shares }, total));
      assert.equal(parts.reduce((sum, part) => sum + part, 0), total);
      assert.ok(parts[0]! - parts.at(-1)! <= 1);
    }
  }
});

test("share: connections and a closed loop's requests are dealt out; no limit stays none", () => {
  const closed = resolve({ load: { connections: 5, requests: 9, workers: 2 }, transport: { maxIdleConnsPerHost: 1 } });
  const [first, second] = [0, 1].map((index) => shareOf(closed, { index, of: 2 }));
  assert.deepEqual([first!.load.connections, first!.load.requests], [3, 5]);
  assert.deepEqual([second!.load.connections, second!.load.requests], [2, 4]);
  assert.deepEqual([first!, second!].map(({ transport }) => transport.maxIdleConnsPerHost), [1, 0]);
  assert.equal(first!.transport.maxConnsPerHost, undefined);
});

test("share: an open loop keeps its schedule, of which each takes its part, and shares its connections", () => {
  const open = resolve({ load: { rps: 10, requests: 9, connections: 7, workers: 3 } });
  const shares = [0, 1, 2].map((index) => shareOf(open, { index, of: 3 }));
  assert.deepEqual(shares.map(({ load }) => [load.rps, load.requests]), [[10, 9], [10, 9], [10, 9]]);
  assert.deepEqual(shares.map(({ transport }) => transport.maxConnsPerHost), [3, 2, 2]);
});

test("share: a worker without a connection or a request is refused, by what there is too little of", () => {
  const cases: [Scenario, string][] = [
    [{ load: { workers: 65 } }, "expected at most 64 (load.connections), got 65"],
    [{ load: { workers: 3, connections: 2 } }, "expected at most 2 (load.connections), got 3"],
    [{ load: { workers: 3, requests: 2 } }, "expected at most 2 (load.requests), got 3"],
    [{ load: { workers: 3, rps: 5, connections: 2 } }, "expected at most 2 (load.connections), got 3"],
    [
      { load: { workers: 3, rps: 5 }, transport: { maxConnsPerHost: 2 } },
      "expected at most 2 (transport.maxConnsPerHost), got 3",
    ],
  ];
  for (const [scenario, problem] of cases) {
    assert.throws(() => resolve(scenario), (error) => {
      assert.ok(error instanceof UsageError);
      assert.deepEqual([error.field, error.problem], ["load.workers", problem]);
      return true;
    });
  }
  assert.equal(resolve({ load: { workers: 100, rps: 5 } }).load.workers, 100);
});
