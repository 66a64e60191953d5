import type { Random } from "../../core/random.ts";
import type { FeederPlan } from "../../scenario/plan.ts";
import { type Share, WHOLE } from "../../scenario/resolve/share.ts";
import type { FeedRows } from "../../scenario/template/scope.ts";

/** A feeder's rows, one after the other: of several shares, each takes the rows whose turn is its own. */
export class Feed {
  readonly #rows: FeedRows["rows"];
  readonly #mode: FeederPlan["mode"];
  readonly #random: Random;
  readonly #shares: number;
  #next: number;

  constructor({ rows }: FeedRows, mode: FeederPlan["mode"], random: Random, { index, of }: Share = WHOLE) {
    this.#rows = rows;
    this.#mode = mode;
    this.#random = random;
    this.#shares = of;
    this.#next = index;
    random.skip(index);
  }

  /** Whether no row is left. */
  get exhausted(): boolean {
    return this.#mode === "sequential" && this.#next >= this.#rows.length;
  }

  /** The next row, which there must be. */
  take(): readonly string[] {
    if (this.#mode === "random") {
      const row = this.#rows[this.#random.int(0, this.#rows.length - 1)]!;
      this.#random.skip(this.#shares - 1);
      return row;
    }
    const row = this.#rows[this.#mode === "circular" ? this.#next % this.#rows.length : this.#next]!;
    this.#next += this.#shares;
    return row;
  }
}
