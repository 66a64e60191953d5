// A run against a server that records when it really answered, so that what the run says can be held against the truth.

import type { Histogram } from "hdr-histogram-js";
import { systemClock } from "../../lib/core/clock.ts";
import type { Tally } from "../../lib/load/account/tally.ts";
import { TransportExchange } from "../../lib/load/client/transport_exchange.ts";
import { Attempt } from "../../lib/load/driver/attempt.ts";
import type { Driver } from "../../lib/load/driver/driver.ts";
import { generatorOf } from "../../lib/load/generator/generator_of.ts";
import { startPacer } from "../../lib/load/pacer/start_pacer.ts";
import { LatencyRecorder } from "../../lib/record/latency_recorder.ts";
import { LoopDelay } from "../../lib/record/loop_delay.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { Transport } from "../../lib/transport/transport.ts";
import type { Answers } from "./delaying_server.ts";
import type { TimedServer } from "./timed_server.ts";

export interface KnownLatency {
  readonly completed: number;
  /** What the run says. */
  readonly response: Histogram;
  /** From each request's due instant to when the server answered it. */
  readonly truth: Histogram;
  /** The longest that the generator's event loop is known to have stood still. */
  readonly longestStallUs: number;
}

/** Some requests in a row. */
export interface Stretch {
  readonly rps: number;
  readonly requests: number;
}

/**
 * Each request has a path of its own, so that its answer is known among those that overtake each other. The warm-ups come
 * first and count for nothing: until its code is compiled, a client is late now and then by a ms.
 */
export async function measureKnownLatency(
  server: TimedServer<Answers>,
  measured: Stretch,
  warmUps: readonly Stretch[],
): Promise<KnownLatency> {
  const { requests } = measured;
  const transport = new Transport({ disableCompression: true, maxIdleConnsPerHost: Infinity });
  const untold = transport.prepare({ url: `${server.url}warm-up` });
  const prepared = Array.from({ length: requests }, (_, i) => transport.prepare({ url: `${server.url}${i}` }));
  const dueMs = new Float64Array(requests);
  let next = -1;
  const driver: Driver = {
    exhausted: false,
    attempt(owner) {
      const attempt = new Attempt(owner, 30_000);
      attempt.call = new TransportExchange(attempt, { heldBodies: 0 }, {});
      return attempt;
    },
    send(attempt) {
      const exchange = attempt.call as TransportExchange;
      if (next === -1) {
        transport.send(untold, exchange);
        return;
      }
      dueMs[next] = attempt.dueMs;
      transport.send(prepared[next]!, exchange);
      next += 1;
    },
  };
  const never = { beforeSend: () => undefined, onError: () => undefined };
  const pacer = await startPacer("precise", systemClock);
  const send = async (load: Stretch): Promise<Tally> => {
    const generator = generatorOf(resolve({ load: { ...load } }), driver, never, pacer, systemClock);
    generator.start();
    await generator.ended;
    return generator.tally;
  };
  for (const warmUp of warmUps) await send(warmUp);
  const loopDelay = new LoopDelay(systemClock);
  loopDelay.start();
  next = 0;
  const tally = await send(measured);
  loopDelay.stop();
  pacer.stop();
  tally.fold();
  const answeredMs = await server.report();
  await transport.close();
  const truth = new LatencyRecorder();
  for (let i = 0; i < requests; i++) {
    truth.recordMs(answeredMs[i]! - (performance.timeOrigin + dueMs[i]!));
  }
  return {
    completed: tally.completed,
    response: tally.clocks.response.total,
    truth: truth.interval,
    longestStallUs: loopDelay.recorder.interval.maxValue,
  };
}
