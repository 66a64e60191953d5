import type { Clocks } from "../../record/clocks.ts";
import type { LatencyRecorder } from "../../record/latency_recorder.ts";

/**
 * How late requests are sent, and why. `lag`, due → sent, falls into `dispatch`, due → handed to the transport, which is
 * the generator's own lateness, and `wait`, handed over → sent, the wait for a connection. A request that finds a
 * connection at once has waited 0 and was dispatched when it was sent.
 */
export class LagClock {
  readonly lag: LatencyRecorder;
  readonly dispatch: LatencyRecorder;
  readonly wait: LatencyRecorder;

  /** Records into these. */
  constructor({ lag, dispatch, wait }: Pick<Clocks<LatencyRecorder>, "lag" | "dispatch" | "wait">) {
    this.lag = lag;
    this.dispatch = dispatch;
    this.wait = wait;
  }

  sentAtOnce(lagMs: number): void {
    this.lag.recordMs(lagMs);
    this.dispatch.recordMs(lagMs);
    this.wait.recordMs(0);
  }

  /** Handed over, and not sent before the transport returned. */
  handedOver(dispatchMs: number): void {
    this.dispatch.recordMs(dispatchMs);
  }

  sentAfterWait(lagMs: number, waitMs: number): void {
    this.lag.recordMs(lagMs);
    this.wait.recordMs(waitMs);
  }
}
