import assert from "node:assert/strict";
import test from "node:test";
import type { Measurement } from "../../lib/load/measurement.ts";
import type { Observer } from "../../lib/load/observer.ts";
import { Observers } from "../../lib/load/observers.ts";
import type { Progress } from "../../lib/load/progress.ts";
import { load } from "../../lib/result/load.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";

test("observers: several follow one run, each told of what it asks for, in order", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const heard: string[] = [];
  const ticks: Progress[] = [];
  const seconds: number[] = [];
  let ended: Measurement | undefined;
  const all: Observer = {
    begin: ({ startedAt }) => void heard.push(`begin ${startedAt instanceof Date}`),
    second: ({ line, samples }) => {
      heard.push(`second ${line.second}`);
      seconds.push(samples.length);
    },
    end: (run) => {
      heard.push("end");
      ended = run;
    },
  };
  const plan = resolve({
    request: { url: server.url },
    load: { rps: 50, duration: "1200ms", warmup: "100ms", cooldown: "100ms", grace: "200ms" },
  });
  const result = await load(plan, { observers: [all, { tick: (now) => void ticks.push(now) }] });
  assert.deepEqual(heard, ["begin true", "second 0", "second 1", "end"]);
  assert.deepEqual([ticks[0]!.aside, ticks.at(-1)!.aside], ["warming up", "cooling down"]);
  const measured = ticks.filter(({ aside }) => aside === undefined);
  assert.ok(measured.length >= 6, `${measured.length} ticks`);
  assert.ok(seconds.every((samples) => samples > 0), "a journal has samples");
  assert.deepEqual([ended!.requests.completed, result.requests.completed], [60, 60]);
  assert.deepEqual([ended!.warmup, ended!.cooldown], [{ offered: 5 }, { offered: 5 }]);
});

test("observers: one that throws is dropped, its error told, and the run is whole", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const plan = resolve({ request: { url: server.url }, load: { rps: 50, duration: "1100ms", grace: "200ms" } });
  for (const call of ["begin", "tick", "second", "end"] as const) {
    const errors: unknown[] = [];
    let calls = 0;
    const broken: Observer = {
      [call]: () => {
        calls += 1;
        throw new Error(`no ${call}`);
      },
    };
    let told = false;
    const observers = [broken, { end: () => void (told = true) }];
    const result = await load(plan, { observers, onObserverError: (error) => errors.push((error as Error).message) });
    assert.deepEqual([errors, calls, told], [[`no ${call}`], 1, true]);
    assert.deepEqual([result.outcome, result.requests.completed], ["completed", 55]);
  }
});

test("observers: what nobody has a method for is not asked for", () => {
  assert.deepEqual([new Observers().wantTicks, new Observers().wantSeconds], [false, false]);
  const some = new Observers([{ begin() {} }, { second() {} }]);
  assert.deepEqual([some.wantTicks, some.wantSeconds], [false, true]);
  assert.equal(new Observers([{ tick() {} }]).wantTicks, true);
});
