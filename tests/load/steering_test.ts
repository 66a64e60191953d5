import assert from "node:assert/strict";
import test from "node:test";
import type { Ending } from "../../lib/load/ending.ts";
import type { LiveSchedule } from "../../lib/load/schedule/live_schedule.ts";
import { liveScheduleOf } from "../../lib/load/schedule/schedule_of.ts";
import { type Change, changeSchedule, type Shard } from "../../lib/load/shard/shard.ts";
import { Steering } from "../../lib/load/steering.ts";
import type { BodyPolicy, LoadPlan } from "../../lib/scenario/plan.ts";
import { resolve } from "../../lib/scenario/resolve.ts";

/** A load of which nothing is sent: it notes what it is told. */
class NotedShard {
  readonly changes: Change[] = [];
  readonly endings: Ending[] = [];
  readonly requests = { offered: 5, completed: 3, failed: 1, inFlight: 1, unsent: 0 };
  readonly liveSchedule: LiveSchedule | undefined;
  bodyPolicy: BodyPolicy;

  constructor(load: LoadPlan, bodyPolicy: BodyPolicy) {
    this.liveSchedule = liveScheduleOf(load);
    this.bodyPolicy = bodyPolicy;
  }

  /** The first change is 250 ms after the beginning; then time goes on. */
  changesFromMs(): number {
    return 250 + this.changes.length;
  }

  change(change: Change): void {
    this.changes.push(change);
    if (change.kind === "bodies") this.bodyPolicy = change.policy;
    else if (this.liveSchedule !== undefined) changeSchedule(this.liveSchedule, change);
  }

  stop(ending: Ending): void {
    this.endings.push(ending);
  }
}

function steered(load: object, { bodyPolicy = "read", pipelines = false }: Wish = {}) {
  const shard = new NotedShard(resolve({ load }).load, bodyPolicy);
  const marks: string[] = [];
  const steering = new Steering(shard as unknown as Shard, pipelines, (change) => marks.push(change));
  return { shard, marks, steering };
}

interface Wish {
  readonly bodyPolicy?: BodyPolicy;
  readonly pipelines?: boolean;
}

const OPEN = { rps: 100, duration: "10s" };

test("steering: a rate is set, or scaled by what it is, from the next instant that a change can hold", () => {
  const { shard, marks, steering } = steered(OPEN);
  assert.equal(steering.apply({ kind: "rate", rps: 200 }), "rate 200/s");
  assert.equal(steering.apply({ kind: "scale", factor: 1.1 }), "rate 220/s");
  assert.deepEqual(shard.changes, [{ kind: "rate", rps: 200, atMs: 250 }, { kind: "rate", rps: 220, atMs: 251 }]);
  assert.deepEqual(marks, ["rate 200/s", "rate 220/s"]);
});

test("steering: three digits of a scaled rate are kept", () => {
  const { steering } = steered({ rps: 123.456, duration: "10s" });
  assert.equal(steering.apply({ kind: "scale", factor: 1.1 }), "rate 136/s");
});

test("steering: a closed loop has no rate, and says so", () => {
  const { shard, marks, steering } = steered({ connections: 4, duration: "10s" });
  assert.match(steering.apply({ kind: "rate", rps: 5 }), /^a closed loop has no rate/);
  assert.match(steering.apply({ kind: "scale", factor: 2 }), /^a closed loop has no rate/);
  assert.deepEqual([shard.changes, marks], [[], []]);
  assert.equal(steering.apply({ kind: "status" }), "closed loop; bodies not held; 5 offered, 3 completed, 1 failed");
});

test("steering: a pause is entered and left once", () => {
  const { shard, marks, steering } = steered(OPEN);
  assert.match(steering.apply({ kind: "resume" }), /^rate 100\/s; bodies not held/);
  assert.equal(steering.apply({ kind: "pause" }), "paused");
  assert.equal(steering.paused, true);
  assert.match(steering.apply({ kind: "pause" }), /^rate 100\/s; paused; /);
  assert.equal(steering.apply({ kind: "resume" }), "resumed");
  assert.equal(steering.paused, false);
  assert.deepEqual(shard.changes.map(({ kind }) => kind), ["pause", "resume"]);
  assert.deepEqual(marks, ["paused", "resumed"]);
});

test("steering: bodies are held, and then treated as before", () => {
  for (const [bodyPolicy, after] of [["read", "read"], ["close", "closed"], ["hold", "closed"]] as const) {
    const { steering } = steered(OPEN, { bodyPolicy });
    if (bodyPolicy !== "hold") assert.equal(steering.apply({ kind: "hold" }), "bodies held");
    assert.equal(steering.holding, true);
    assert.match(steering.apply({ kind: "hold" }), /; bodies held; /);
    assert.equal(steering.apply({ kind: "close" }), `bodies ${after}`);
    assert.equal(steering.holding, false);
  }
});

test("steering: pipelined bodies cannot be held", () => {
  const { shard, steering } = steered({ connections: 2, duration: "1s", pipeline: 4 }, { pipelines: true });
  assert.match(steering.apply({ kind: "hold" }), /^bodies are read/);
  assert.deepEqual(shard.changes, []);
});

test("steering: quit ends the load", () => {
  const { shard, marks, steering } = steered(OPEN);
  assert.equal(steering.apply({ kind: "quit" }), "quitting");
  assert.deepEqual(shard.endings, [{ outcome: "stopped", reason: "it was told to quit" }]);
  assert.deepEqual(marks, []);
});
