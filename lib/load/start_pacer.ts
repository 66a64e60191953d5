import type { Clock } from "../core/clock.ts";
import type { Pacing } from "../scenario/plan.ts";
import { EconomyPacer } from "./economy_pacer.ts";
import type { Pacer } from "./pacer.ts";
import { PrecisePacer } from "./precise_pacer.ts";
import { TickerThread } from "./ticker_thread.ts";

/**
 * Each turn of `setImmediate` allocates. On Bun a spinning event loop makes garbage whose collections, of 1.2 ms each, are
 * its p99 of the lag; turns of 3 µs make little of it. On Deno, which looks for what came in only every 61 turns or so,
 * 3 µs a turn add 0.1 ms to the service time.
 */
const TURN_MS = "Bun" in globalThis ? 0.003 : 0;

/**
 * A pacer that is ready to pace: a thread takes some 30 ms to start, and a run's first request is due at once. Where no
 * thread can be had, "precise" is a timer too; the recorded lag shows it.
 */
export async function startPacer(pacing: Pacing, clock: Clock): Promise<Pacer> {
  const ticker = pacing === "precise" ? await TickerThread.start() : undefined;
  return ticker === undefined ? new EconomyPacer(clock) : new PrecisePacer(clock, ticker, TURN_MS);
}
