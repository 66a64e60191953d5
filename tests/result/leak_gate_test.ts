import assert from "node:assert/strict";
import test from "node:test";
import { leakGate } from "../../lib/result/leak_gate.ts";
import { resolve } from "../../lib/scenario/resolve.ts";

test("leak gate: only a clean verdict keeps it, and one that cannot be told does not", () => {
  const plan = resolve({ failOnLeak: true });
  for (const verdict of ["leaking", "growing", "inconclusive", "clean"] as const) {
    const [gate] = leakGate(plan, { verdict });
    assert.deepEqual([gate!.expression, gate!.reason, gate!.failed], ["no leak", verdict, verdict !== "clean"]);
  }
  assert.deepEqual(leakGate(resolve({}), { verdict: "leaking" }), []);
});
