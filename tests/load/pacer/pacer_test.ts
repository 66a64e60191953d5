import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { currentRuntime } from "../../../cli/process/runtimes.ts";
import { systemClock } from "../../../lib/core/clock.ts";
import { EconomyPacer } from "../../../lib/load/pacer/economy_pacer.ts";
import type { Pacer } from "../../../lib/load/pacer/pacer.ts";
import { PrecisePacer } from "../../../lib/load/pacer/precise_pacer.ts";
import { startPacer } from "../../../lib/load/pacer/start_pacer.ts";
import { TickerThread } from "../../../lib/load/pacer/ticker_thread.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Resolves with the instant of the wake-up; keeps the process alive until then, as a run does. */
function woken(pacer: Pacer, dueMs: number): Promise<number> {
  const alive = setTimeout(() => {}, 60_000);
  return new Promise((resolve) =>
    pacer.wakeAt(dueMs, () => {
      clearTimeout(alive);
      resolve(performance.now());
    })
  );
}

for (const pacing of ["precise", "economy"] as const) {
  test(`pacer: ${pacing} wakes for an instant that has passed, but not from within the call`, async () => {
    const pacer = await startPacer(pacing, systemClock);
    let within = true;
    let called: boolean | undefined;
    pacer.wakeAt(performance.now() - 1000, () => called = within);
    within = false;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(called, false);
    pacer.stop();
  });

  test(`pacer: ${pacing} wakes nobody that cancelled, and the next who asks at the instant asked for`, async () => {
    const pacer = await startPacer(pacing, systemClock);
    let calls = 0;
    for (const gapMs of [-1, 0.05, 20]) {
      pacer.wakeAt(performance.now() + gapMs, () => calls += 1);
      pacer.cancel();
      for (const nextMs of [0.3, 4]) {
        const dueMs = performance.now() + nextMs;
        assert.ok(await woken(pacer, dueMs) >= dueMs - (pacing === "economy" ? 2 : 0), `${gapMs} ms, then ${nextMs}`);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 40));
    assert.equal(calls, 0);
    pacer.stop();
  });

  test(`pacer: ${pacing} wakes nobody once it is stopped`, async () => {
    for (const gapMs of [-1, 0.05, 20]) {
      const pacer = await startPacer(pacing, systemClock);
      let calls = 0;
      pacer.wakeAt(performance.now() + gapMs, () => calls += 1);
      pacer.stop();
      await new Promise((resolve) => setTimeout(resolve, 40));
      assert.equal(calls, 0, `${gapMs} ms`);
    }
  });
}

test("pacer: precise wakes for each instant and never before it, near or far", async () => {
  const pacer = await startPacer("precise", systemClock);
  assert.ok(pacer instanceof PrecisePacer, "this runtime has what it takes");
  for (let round = 0; round < 5; round++) {
    for (const gapMs of [0.01, 0.05, 0.1, 0.2, 0.5, 1, 1.7, 5, 30, 0.02, 3]) {
      const dueMs = performance.now() + gapMs;
      assert.ok(await woken(pacer, dueMs) >= dueMs, `${gapMs} ms`);
    }
  }
  pacer.stop();
});

test("pacer: economy takes one timer for each wake-up, and none once it is stopped", () => {
  const clock = new FakeClock();
  const pacer = new EconomyPacer(clock);
  let calls = 0;
  pacer.wakeAt(clock.nowMs() + 5, () => calls += 1);
  clock.advance(4);
  assert.equal(calls, 0);
  clock.advance(1);
  assert.equal(calls, 1);
  pacer.wakeAt(clock.nowMs() + 5, () => calls += 1);
  pacer.stop();
  assert.equal(clock.pending, 0);
});

test("pacer: precise goes on with timers once its thread is lost", async () => {
  const ticker = (await TickerThread.start())!;
  const pacer = new PrecisePacer(systemClock, ticker, 0);
  await woken(pacer, performance.now() + 2);
  ticker.stop();
  for (let i = 0; i < 3; i++) {
    const dueMs = performance.now() + 5;
    assert.ok(await woken(pacer, dueMs) >= dueMs);
  }
});

for (const ending of ["stopped", "left"] as const) {
  test(`pacer: a thread that is ${ending} keeps no process alive`, async () => {
    const suffix = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const script = fileURLToPath(new URL(`../../support/paced_process.${suffix}`, import.meta.url));
    const words = currentRuntime() === "deno" ? ["run", "-A", "--no-check", "--quiet", script] : [script];
    const printed = await new Promise((resolve, reject) =>
      execFile(
        process.execPath,
        [...words, ending],
        { timeout: 20_000, killSignal: "SIGKILL" },
        (error, stdout) => error === null ? resolve(stdout) : reject(error),
      )
    );
    assert.equal(printed, "woken");
  });
}
