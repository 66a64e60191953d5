// The client's time limit, which spans redirects and body, after Go's `setRequestCancel`.

import { systemClock, type Timer } from "../core/clock.ts";
import { TransportError } from "../transport/transport_error.ts";

/**
 * The time limit of one call, over redirects and body: a signal that fires when the time is up or when the caller's own
 * does. Nothing is left behind once the last hop is done: no timer, and no listener on the caller's signal.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #callers: AbortSignal | undefined;
  readonly #timer: Timer;
  #hopOpen = false;
  #headArrived = false;

  constructor(timeoutMs: number, callers: AbortSignal | undefined) {
    this.#callers = callers;
    if (callers?.aborted) this.#controller.abort(callers.reason);
    else callers?.addEventListener("abort", this.#onCallersAbort);
    this.#timer = systemClock.setTimer(timeoutMs, () => { // last: what is no signal has thrown by now
      this.stop();
      this.#controller.abort(timeoutError(this.#headArrived));
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A hop starts; what it returns is to be called when that hop can bring nothing more. */
  startHop(): () => void {
    this.#hopOpen = true;
    return this.#onHopDone;
  }

  /** The head that the caller gets is here; the limit goes on until its body is over. */
  headArrived(): void {
    this.#headArrived = true;
    this.#timer.unref(); // a body that is being read keeps the process alive by itself; one that nobody reads shall not
    if (!this.#hopOpen) this.stop();
  }

  stop(): void {
    this.#timer.clear();
    this.#callers?.removeEventListener("abort", this.#onCallersAbort);
  }

  readonly #onHopDone = (): void => {
    this.#hopOpen = false;
    if (this.#headArrived) this.stop();
  };

  readonly #onCallersAbort = (): void => {
    this.stop();
    this.#controller.abort(this.#callers!.reason);
  };
}

/** The transport puts in the phase that it hit. */
function timeoutError(headArrived: boolean): TransportError {
  const during = headArrived ? "while reading body" : "while awaiting headers";
  return new TransportError(`request canceled (Client.Timeout exceeded ${during})`, {
    code: "timeout",
    side: "local",
    phase: headArrived ? "body" : "head",
  });
}
