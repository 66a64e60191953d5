// Whom each second of a series owes its slow responses to: `limitOf` of a line, with what the lines before it added.

import type { LatencyRecorder } from "../../record/latency_recorder.ts";
import { percentileUs } from "../../record/percentile.ts";
import type { Account } from "./account.ts";
import { type Limit, limitOf, type Span } from "./limit.ts";

/** A line of the series is a second of the schedule. */
export const LINE_MS = 1000;

/** A line that is written this late comes from an event loop that stood still: samples are taken every tenth of a second. */
const ASLEEP_MS = 500;

/** More unanswered requests than this share of all would move the p99. */
const TAIL_SHARE = 0.01;

/** What the generator added to the responses of a line. */
type Added = Pick<Span, "dispatchUs" | "loopDelayUs">;

/** How the generator stood at a line's end. */
export interface LineEnd extends Pick<Span, "runnablePercent" | "latePercent"> {
  /** Since the run's beginning. */
  readonly elapsedMs: number;
  /** How old the oldest request is that has no end yet; 0 if there is none. */
  readonly oldestMs: number;
}

/** Asked once for each line, in turn. */
export class Blame {
  readonly #account: Account;
  readonly #loopDelay: LatencyRecorder;
  readonly #unpaced: boolean;
  /** One for each line. */
  readonly #added: Added[] = [];
  #foldedMs = 0;

  constructor(account: Account, loopDelay: LatencyRecorder, unpaced: boolean) {
    this.#account = account;
    this.#loopDelay = loopDelay;
    this.#unpaced = unpaced;
  }

  /** Says it of the next line, while the account's intervals still hold its second. */
  of({ elapsedMs, runnablePercent, latePercent, oldestMs }: LineEnd): Limit {
    const lines = this.#added.length;
    const beganMs = this.#foldedMs;
    this.#foldedMs = elapsedMs;
    this.#added.push({
      dispatchUs: percentileUs(this.#account.clocks.dispatch.interval, 99),
      loopDelayUs: percentileUs(this.#loopDelay.interval, 99),
    });
    // The event loop slept through the second, or what came after it: the second's samples are in another line, if any.
    const lateMs = elapsedMs - (lines + 1) * LINE_MS;
    if (lateMs >= ASLEEP_MS || (lateMs >= 0 && elapsedMs === beganMs)) return "generator";
    const { inFlight, unsent, clocks: { response: { interval: response } } } = this.#account;
    const unanswered = inFlight + unsent;
    const ageUs = unanswered > TAIL_SHARE * (response.totalCount + unanswered) ? oldestMs * 1000 : 0;
    const responseUs = Math.max(percentileUs(response, 99), ageUs);
    const lengthMs = elapsedMs - beganMs;
    const added = this.#addedWithin(responseUs / 1000, lengthMs);
    return limitOf({ lengthMs, unpaced: this.#unpaced, responseUs, ...added, runnablePercent, latePercent });
  }

  /**
   * The most that the generator added in this line. If responses are slower than the line is long, as the answers after a
   * load's end are, the lines that they began in count as well.
   */
  #addedWithin(responseMs: number, lengthMs: number): Added {
    const before = responseMs >= Math.min(lengthMs, LINE_MS) ? Math.ceil(responseMs / LINE_MS) : 0;
    const within = this.#added.slice(-1 - before);
    return {
      dispatchUs: Math.max(...within.map(({ dispatchUs }) => dispatchUs)),
      loopDelayUs: Math.max(...within.map(({ loopDelayUs }) => loopDelayUs)),
    };
  }
}
