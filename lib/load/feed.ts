import type { Random } from "../core/random.ts";
import type { FeederPlan } from "../scenario/plan.ts";
import type { FeedRows } from "../scenario/scope.ts";

/** A feeder's rows, one after the other. */
export class Feed {
  readonly #rows: FeedRows["rows"];
  readonly #mode: FeederPlan["mode"];
  readonly #random: Random;
  #next = 0;

  constructor({ rows }: FeedRows, mode: FeederPlan["mode"], random: Random) {
    this.#rows = rows;
    this.#mode = mode;
    this.#random = random;
  }

  /** Whether no row is left. */
  get exhausted(): boolean {
    return this.#mode === "sequential" && this.#next === this.#rows.length;
  }

  /** The next row, which there must be. */
  take(): readonly string[] {
    if (this.#mode === "random") return this.#rows[this.#random.int(0, this.#rows.length - 1)]!;
    if (this.#next === this.#rows.length) this.#next = 0;
    return this.#rows[this.#next++]!;
  }
}
