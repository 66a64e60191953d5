import assert from "node:assert/strict";
import test from "node:test";
import { currentRuntime } from "../../cli/process/runtimes.ts";
import { availableAdapters, detectAdapter } from "../../lib/socket/detect.ts";

test("detect: node is the base everywhere, native the runtime's own, auto the better one", () => {
  const expected = {
    node: { auto: "node", node: "node", native: "node" },
    deno: { auto: "node", node: "node", native: "deno" },
    bun: { auto: "bun", node: "node", native: "bun" },
  }[currentRuntime()];
  for (const choice of ["auto", "node", "native"] as const) {
    assert.equal(detectAdapter(choice).name, expected[choice], choice);
  }
});

test("detect: what can be chosen is what the conformance suite runs", () => {
  const available = availableAdapters();
  for (const choice of ["auto", "node", "native"] as const) assert.ok(available.includes(detectAdapter(choice)));
});
