import assert from "node:assert/strict";
import test from "node:test";
import { ResourceLimits } from "../../../lib/load/generator/stop_rule.ts";
import { type Phase, TransportError } from "../../../lib/transport/transport_error.ts";

test("stop rule: a dial without a port or a descriptor ends the run, be it to the target or to its proxy", () => {
  const rule = new ResourceLimits({ dialing: 1, inUse: 2, idle: 0, waiting: 0, heldBodies: 0 }, {
    limit: 256,
    open: 20,
  });
  const reasonOf = (phase: Phase, code: string) =>
    rule.onError(new TransportError("", { code, side: "remote", phase })) ?? "";
  for (const phase of ["dial", "proxy"] as const) {
    assert.match(reasonOf(phase, "EADDRNOTAVAIL"), /no local port/);
    assert.match(reasonOf(phase, "EMFILE"), /open files \(256\) is reached with 3 connections/);
    assert.equal(reasonOf(phase, "ECONNREFUSED"), "");
  }
  assert.equal(reasonOf("head", "EMFILE"), "");
});

test("stop rule: calls take a descriptor at most, so that where they might have taken all it looks how many are left", () => {
  const counts = { dialing: 0, inUse: 0, idle: 0, waiting: 0, heldBodies: 0 };
  let open = 20;
  let looks = 0;
  const rule = new ResourceLimits(counts, { limit: 256, open }, undefined, () => {
    looks += 1;
    return { limit: 256, open };
  });
  for (; counts.inUse < 212; counts.inUse++) assert.equal(rule.beforeSend(), undefined);
  assert.equal(looks, 0);
  open = 60; // most calls share connections, or need none
  for (; counts.inUse < 384; counts.inUse++) assert.equal(rule.beforeSend(), undefined);
  assert.equal(looks, 1, "172 more may be taken: 256 less 60, and a reserve of 24");
  open = 240;
  assert.match(rule.beforeSend()!, /open files \(256\) is reached with 384 calls under way or held/);
  assert.equal(looks, 2);
});
