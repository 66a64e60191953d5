// The requests under way, by age, and what ends those that take too long.

import type { Clock, Timer } from "../../core/clock.ts";
import { LinkedList } from "../../core/linked_list.ts";
import type { Attempt } from "../driver/attempt.ts";

/** How often attempts are checked for their time limit; also how late a timeout may be. */
const CHECK_MS = 10;

/** What was dispatched and is not done, oldest first. It has no timer per request: the oldest are looked at now and then. */
export class Unfinished {
  readonly #clock: Clock;
  readonly #attempts: LinkedList<Attempt> = new LinkedList();
  /** Of all time limits, so that no attempt younger than this is looked at; Infinity: there is none. */
  readonly #shortestTimeoutMs: number;
  #timer: Timer | undefined = undefined;
  /** What is here counts with its age: its end counts no more. */
  #censored = false;

  /** `timeoutsMs`: every time limit that an attempt may have; 0: none. */
  constructor(clock: Clock, timeoutsMs: readonly number[]) {
    this.#clock = clock;
    this.#shortestTimeoutMs = Math.min(...timeoutsMs.map((timeoutMs) => timeoutMs === 0 ? Infinity : timeoutMs));
  }

  get size(): number {
    return this.#attempts.size;
  }

  add(attempt: Attempt): void {
    this.#attempts.add(attempt.link);
  }

  remove(attempt: Attempt): void {
    this.#attempts.remove(attempt.link);
  }

  /** For how long the oldest has been due; 0 where there is none. */
  oldestMs(): number {
    const oldest = this.#attempts.oldest;
    return oldest === undefined ? 0 : this.#clock.nowMs() - oldest.item.dueMs;
  }

  /** From now on, ends what takes longer than its limit. */
  watch(): void {
    if (this.#shortestTimeoutMs === Infinity) return;
    this.#timer?.clear();
    this.#timer = this.#clock.setTimer(CHECK_MS, () => {
      this.watch(); // before an end makes the run's own, which clears this
      this.#cutOff(this.#clock.nowMs());
    });
  }

  stopWatching(): void {
    this.#timer?.clear();
  }

  /** The run is over: nothing is watched any more, and what is here counts with its age. */
  censor(): void {
    this.stopWatching();
    this.#censored = true;
    const now = this.#clock.nowMs();
    for (let link = this.#attempts.oldest; link !== undefined; link = link.newer) link.item.censor(now);
  }

  /** Ends what waits for a connection. */
  callOffUnsent(): void {
    let link = this.#attempts.oldest;
    while (link !== undefined) {
      const attempt = link.item;
      link = link.newer;
      if (!attempt.isSent) this.#abort(attempt, "calledOff", "the load was over before it was sent");
    }
  }

  #cutOff(now: number): void {
    let link = this.#attempts.oldest;
    while (link !== undefined && link.item.dueMs <= now - this.#shortestTimeoutMs) {
      const attempt = link.item;
      link = link.newer;
      if (attempt.timeoutMs === 0 || attempt.dueMs > now - attempt.timeoutMs) continue;
      this.#abort(attempt, "timeout", `no response within ${attempt.timeoutMs} ms`);
    }
  }

  /** It leaves by its end where that counts. */
  #abort(attempt: Attempt, code: string, message: string): void {
    if (this.#censored) this.remove(attempt);
    attempt.call!.abort(code, message);
  }
}
