import assert from "node:assert/strict";
import test from "node:test";
import { type Limit, limitOf, type Span } from "../../../lib/load/account/limit.ts";

const QUIET: Span = {
  lengthMs: 1000,
  unpaced: false,
  responseUs: 900,
  dispatchUs: 300,
  loopDelayUs: 1_200,
  runnablePercent: 20,
  latePercent: 5,
};

const CASES: readonly (readonly [name: string, changes: Partial<Span>, limit: Limit])[] = [
  ["a quick second has none, however late the event loop was beside it", { loopDelayUs: 9_000 }, "none"],
  ["a slow answer to a request that left in time", { responseUs: 300_000, dispatchUs: 4_000 }, "server"],
  [
    "a slow answer to one that left a little late",
    { responseUs: 300_000, dispatchUs: 90_000, loopDelayUs: 90_000 },
    "server",
  ],
  [
    "most of the time was the generator's",
    { responseUs: 300_000, dispatchUs: 120_000, loopDelayUs: 90_000 },
    "generator",
  ],
  ["a thread without rest, and in time all the same", { runnablePercent: 100 }, "none"],
  ["a closed loop has one as long as it sends", { unpaced: true }, "server"],
  ["a closed loop that is paused", { unpaced: true, responseUs: 0 }, "none"],
  ["a closed loop without rest", { unpaced: true, runnablePercent: 96 }, "generator"],
  ["a closed loop whose timers are overdue most of the time", { unpaced: true, latePercent: 80 }, "generator"],
  ["an open loop's timers may be overdue as long as its answers are quick", { latePercent: 80 }, "none"],
  ["a closed loop too short to tell", { unpaced: true, runnablePercent: 150, lengthMs: 100 }, "server"],
  ["a closed loop that stands still", { unpaced: true, responseUs: 90_000, loopDelayUs: 80_000 }, "generator"],
];

for (const [name, changes, limit] of CASES) {
  test(`limit: ${name}: ${limit}`, () => assert.equal(limitOf({ ...QUIET, ...changes }), limit));
}
