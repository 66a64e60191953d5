import assert from "node:assert/strict";
import test from "node:test";
import { ResourceLimits } from "../../../lib/load/generator/stop_rule.ts";
import { type Phase, TransportError } from "../../../lib/transport/transport_error.ts";

test("stop rule: a dial without a port or a descriptor ends the run, be it to the target or to its proxy", () => {
  const rule = new ResourceLimits({ dialing: 1, inUse: 2, idle: 0, waiting: 0 }, { limit: 256, open: 20 });
  const reasonOf = (phase: Phase, code: string) =>
    rule.onError(new TransportError("", { code, side: "remote", phase })) ?? "";
  for (const phase of ["dial", "proxy"] as const) {
    assert.match(reasonOf(phase, "EADDRNOTAVAIL"), /no local port/);
    assert.match(reasonOf(phase, "EMFILE"), /open files \(256\) is reached with 3 connections/);
    assert.equal(reasonOf(phase, "ECONNREFUSED"), "");
  }
  assert.equal(reasonOf("head", "EMFILE"), "");
});
