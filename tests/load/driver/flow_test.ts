import assert from "node:assert/strict";
import test from "node:test";
import { Random } from "../../../lib/core/random.ts";
import { Feed } from "../../../lib/load/driver/feed.ts";
import { Flow } from "../../../lib/load/driver/flow.ts";
import { RequestKind } from "../../../lib/load/driver/request_kind.ts";
import type { FeederPlan } from "../../../lib/scenario/plan.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";

function kindsOf(weights: readonly number[]): RequestKind[] {
  const plan = resolve({
    baseUrl: "http://h/",
    requests: weights.map((weight, index) => ({ name: `${index}`, weight })),
  });
  return plan.requests.map((request, index) => new RequestKind(index, request));
}

function feedOf(mode: FeederPlan["mode"], rows = 3): Feed {
  return new Feed({ columns: ["n"], rows: Array.from({ length: rows }, (_, i) => [String(i)]) }, mode, new Random(1));
}

test("flow: weights are kept, and the same seed chooses the same", () => {
  const choices = (seed: number) => {
    const flow = new Flow(kindsOf([6, 0, 3, 1]), "weighted", [], seed);
    return Array.from({ length: 5000 }, () => flow.next().step);
  };
  const counts = [0, 0, 0, 0];
  for (const step of choices(1)) counts[step]! += 1;
  assert.equal(counts[1], 0);
  assert.ok(Math.abs(counts[0]! - 3000) < 150 && Math.abs(counts[3]! - 500) < 100, counts.join());
  assert.deepEqual(choices(1), choices(1));
  assert.notDeepEqual(choices(1), choices(2));
});

test("flow: in a sequence each sender takes one step after the other, with one row and one uuid for all of them", () => {
  const flow = new Flow(kindsOf([1, 1, 1]), "sequence", [feedOf("circular")], 1);
  const a = flow.next();
  const b = flow.next();
  const { uuid } = a;
  assert.deepEqual([a.step, a.rows, b.step, b.rows, b.index], [0, [["0"]], 0, [["1"]], 1]);
  flow.done(b);
  flow.done(a);
  assert.equal(flow.next(), b, "the one that waited longest");
  assert.equal(flow.next(), a);
  assert.deepEqual([a.step, a.rows, a.uuid], [1, [["0"]], uuid]);
  flow.done(a);
  flow.next();
  flow.done(a);
  const again = flow.next();
  assert.deepEqual([again.step, again.rows, again.index], [0, [["2"]], 2]);
  assert.notEqual(again.uuid, uuid);
});

test("flow: it is exhausted where a row is wanted and none is left, but not while a sender has steps to go", () => {
  const flow = new Flow(kindsOf([1, 1]), "sequence", [feedOf("sequential", 1)], 1);
  const sender = flow.next();
  assert.ok(flow.exhausted);
  flow.done(sender);
  assert.ok(!flow.exhausted);
  flow.done(flow.next());
  assert.ok(flow.exhausted);
});

test("feed: circular begins again, random stays within the rows, sequential ends", () => {
  const take = (feed: Feed, count: number) => Array.from({ length: count }, () => feed.take()[0]);
  assert.deepEqual(take(feedOf("circular"), 5), ["0", "1", "2", "0", "1"]);
  const random = feedOf("random");
  assert.deepEqual([...new Set(take(random, 100))].sort(), ["0", "1", "2"]);
  assert.ok(!random.exhausted);
  const sequential = feedOf("sequential");
  assert.deepEqual(take(sequential, 3), ["0", "1", "2"]);
  assert.ok(sequential.exhausted);
});
