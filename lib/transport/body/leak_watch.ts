// Reports bodies that were garbage-collected while they held a connection (a `FinalizationRegistry`): it never keeps one
// alive, and closes its connection only if it was told to.

import type { Clock } from "../../core/clock.ts";
import type { ResponseBody } from "./response_body.ts";

/** A body that nobody can read or close any more. */
export interface LeakReport {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** Since the head arrived. */
  readonly ageMs: number;
  /** Of the call that made the request, its own frame first. */
  readonly stack: string;
  /** The connection was closed; else it is held. */
  readonly reclaimed: boolean;
}

/** What is known of a body, without keeping it alive. */
export interface WatchedBody {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** Given where leaks are watched for. */
  readonly caller: Error | undefined;
  /** Neither read to its end, nor failed, nor closed. */
  readonly open: boolean;
  /** Closes the connection. */
  reclaim(): void;
}

/**
 * Learns from the garbage collector which bodies were dropped while they held a connection. It only observes: without
 * `reclaim` the connection stays held, as in Go.
 */
export class LeakWatch {
  readonly #registry: FinalizationRegistry<{ readonly body: WatchedBody; readonly sinceMs: number }>;
  readonly #clock: Clock;

  constructor(onLeak: (report: LeakReport) => void, reclaim: boolean, clock: Clock) {
    this.#clock = clock;
    this.#registry = new FinalizationRegistry(({ body, sinceMs }) => {
      if (!body.open) return;
      if (reclaim) body.reclaim();
      const { method, url, status, caller } = body;
      const ageMs = clock.nowMs() - sinceMs;
      onLeak({ method, url: withoutSecrets(url), status, ageMs, stack: framesOf(caller!), reclaimed: reclaim });
    });
  }

  watch(handle: ResponseBody, body: WatchedBody): void {
    this.#registry.register(handle, { body, sinceMs: this.#clock.nowMs() });
  }
}

/** An error whose stack begins at whoever called `entry`. */
export function callerOf(entry: (...words: never[]) => unknown): Error {
  const caller = new Error("the request was made here");
  Error.captureStackTrace(caller, entry);
  return caller;
}

/** Without the error's own line. */
export function framesOf(caller: Error): string {
  return (caller.stack ?? "").replace(/^Error: the request was made here\n/, "");
}

/** A URL may carry a password before its host. */
export function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, "//***@");
}
