// A run against a server that records when it really answered, so that what the run says can be held against the truth.

import type { Histogram } from "hdr-histogram-js";
import { systemClock } from "../../lib/core/clock.ts";
import type { Driver } from "../../lib/load/driver.ts";
import { Generator } from "../../lib/load/generator.ts";
import { LoadExchange } from "../../lib/load/load_exchange.ts";
import { startPacer } from "../../lib/load/start_pacer.ts";
import type { Tally } from "../../lib/load/tally.ts";
import { LatencyRecorder } from "../../lib/record/latency_recorder.ts";
import { LoopDelay } from "../../lib/record/loop_delay.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { Transport } from "../../lib/transport/transport.ts";
import type { Answers } from "./delaying_server.ts";
import { TimedServer } from "./timed_server.ts";

export interface KnownLatency {
  readonly completed: number;
  /** What the run says. */
  readonly response: Histogram;
  /** From each request's due instant to when the server answered it. */
  readonly truth: Histogram;
  /** The longest that the generator's event loop is known to have stood still. */
  readonly longestStallUs: number;
}

/**
 * Each request has a path of its own, so that its answer is known among those that overtake each other. `warmup` requests
 * come first and count for nothing: until its code is compiled, a client is late now and then by a ms.
 */
export async function measureKnownLatency(
  delays: "fixed" | "log-normal",
  rps: number,
  requests: number,
  warmup: number,
): Promise<KnownLatency> {
  await using server = await TimedServer.start<Answers>("delaying_server", delays);
  const transport = new Transport({ disableCompression: true, maxIdleConnsPerHost: Infinity });
  const prepared = Array.from({ length: warmup + requests }, (_, i) => transport.prepare({ url: `${server.url}${i}` }));
  const dueMs = new Float64Array(warmup + requests);
  let next = 0;
  const driver: Driver = {
    exhausted: false,
    exchange: (owner) => new LoadExchange(owner, 30_000),
    send(exchange) {
      dueMs[next] = exchange.dueMs;
      transport.send(prepared[next]!, exchange);
      next += 1;
    },
  };
  const never = { beforeSend: () => undefined, onError: () => undefined };
  const send = async (count: number): Promise<Tally> => {
    const pacer = await startPacer("precise", systemClock);
    const generator = new Generator(resolve({ load: { rps, requests: count } }), driver, never, pacer, systemClock);
    generator.start();
    await generator.ended;
    pacer.stop();
    return generator.tally;
  };
  if (warmup > 0) await send(warmup);
  const loopDelay = new LoopDelay(systemClock);
  loopDelay.start();
  const tally = await send(requests);
  loopDelay.stop();
  tally.fold();
  const answeredMs = await server.report();
  await transport.close();
  const truth = new LatencyRecorder();
  for (let i = warmup; i < warmup + requests; i++) {
    truth.recordMs(answeredMs[i]! - (performance.timeOrigin + dueMs[i]!));
  }
  return {
    completed: tally.completed,
    response: tally.clocks.response.total,
    truth: truth.interval,
    longestStallUs: loopDelay.recorder.interval.maxValue,
  };
}
