import type { Clock } from "../../core/clock.ts";
import type { Pacing } from "../../scenario/plan.ts";
import { EconomyPacer } from "./economy_pacer.ts";
import type { Pacer } from "./pacer.ts";
import { PrecisePacer } from "./precise_pacer.ts";
import { TickerThread } from "./ticker_thread.ts";

/**
 * Each turn of `setImmediate` allocates, and so does each look at the clock in V8: a spinning event loop makes 400 MB of
 * garbage a second on Node, and its collections are the p99 of the lag. Turns of 3 µs without a look at the clock make a
 * fifth of it. Not on Deno, which looks for what came in every 61 turns or so: there they cost 0.2 ms of service time.
 */
const PAUSES = "Deno" in globalThis ? 0 : 500;

/**
 * A pacer that is ready to pace: a thread takes some 30 ms to start, and a run's first request is due at once. Where no
 * thread can be had, "precise" is a timer too; the recorded lag shows it.
 */
export async function startPacer(pacing: Pacing, clock: Clock): Promise<Pacer> {
  const ticker = pacing === "precise" ? await TickerThread.start() : undefined;
  return ticker === undefined ? new EconomyPacer(clock) : new PrecisePacer(clock, ticker, PAUSES);
}
