import type { Clock, Timer } from "../../core/clock.ts";
import type { CloseReason } from "../close_reason.ts";
import { TransportError } from "../transport_error.ts";

/** The connection. */
export interface HeadTimerOwner {
  readonly clock: Clock;
  /** The head of the awaited response is not here. */
  readonly awaitingHead: boolean;
  /** Closes the connection, and fails its exchange. */
  fail(error: TransportError, reason: CloseReason): void;
}

/** How long a written request may wait for the head of its response (`responseHeaderTimeoutMs`), on one connection. */
export class HeadTimer {
  readonly #owner: HeadTimerOwner;
  readonly #timeoutMs: number;
  #timer: Timer | undefined = undefined;

  constructor(owner: HeadTimerOwner, timeoutMs: number) {
    this.#owner = owner;
    this.#timeoutMs = timeoutMs;
  }

  arm(): void {
    this.#timer = this.#owner.clock.setTimer(this.#timeoutMs, () => {
      if (!this.#owner.awaitingHead) return;
      const message = "timeout awaiting response headers";
      const error = new TransportError(message, { code: "responseHeaderTimeout", side: "remote", phase: "head" });
      this.#owner.fail(error, "timeout");
    });
  }

  clear(): void {
    this.#timer?.clear();
    this.#timer = undefined;
  }
}
