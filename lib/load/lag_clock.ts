import type { Histogram } from "hdr-histogram-js";
import { latencyHistogram, LatencyRecorder, recordSpanMs } from "../record/latency_recorder.ts";

/**
 * How late requests are sent, and why. `lag`, due → sent, falls into `dispatch`, due → handed to the transport, which is
 * the generator's own lateness, and `wait`, handed over → sent, the wait for a connection.
 *
 * A request that finds a connection at once has waited 0 and was dispatched when it was sent: it is recorded once, and
 * `settle` spreads such values over the three. So the split costs only those that wait.
 */
export class LagClock {
  readonly lag: LatencyRecorder = new LatencyRecorder();
  readonly dispatch: LatencyRecorder = new LatencyRecorder();
  readonly wait: LatencyRecorder = new LatencyRecorder();
  readonly #atOnce: Histogram = latencyHistogram();

  sentAtOnce(lagMs: number): void {
    recordSpanMs(this.#atOnce, lagMs);
  }

  /** Handed over, and not sent before the transport returned. */
  handedOver(dispatchMs: number): void {
    this.dispatch.recordMs(dispatchMs);
  }

  sentAfterWait(lagMs: number, waitMs: number): void {
    this.lag.recordMs(lagMs);
    this.wait.recordMs(waitMs);
  }

  /** To be called before anybody reads the three. */
  settle(): void {
    const count = this.#atOnce.totalCount;
    if (count === 0) return;
    this.lag.interval.add(this.#atOnce);
    this.dispatch.interval.add(this.#atOnce);
    this.wait.interval.recordValueWithCount(0, count);
    this.#atOnce.reset();
  }
}
