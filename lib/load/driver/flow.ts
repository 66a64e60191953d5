// Which request is sent next, and with which values.
//
// Weighted: each request is an iteration of its own, chosen by its weight. Sequence: a virtual sender goes through the
// requests in their order; each goes out after the one before was done. Whenever a request is due, the sender that has
// waited longest takes its next step, and where none waits a new one begins. So a closed loop has one for each of its
// connections, and an open loop as many as its rate and the server's time ask for.

import { Fifo } from "../../core/fifo.ts";
import { Random } from "../../core/random.ts";
import type { Flow as FlowKind } from "../../scenario/plan.ts";
import { type Share, WHOLE } from "../../scenario/resolve/share.ts";
import type { Iteration } from "../../scenario/template/scope.ts";
import type { Feed } from "./feed.ts";
import type { RequestKind } from "./request_kind.ts";

/** Goes through iterations, one after the other. */
export class Sender implements Iteration {
  readonly random: Random;
  index = 0;
  rows: (readonly string[])[] = [];
  /** What it sends next, or has just sent. */
  step = 0;
  #uuid = "";

  constructor(random: Random) {
    this.random = random;
  }

  get uuid(): string {
    if (this.#uuid === "") this.#uuid = crypto.randomUUID();
    return this.#uuid;
  }

  restart(index: number, feeds: readonly Feed[]): void {
    this.index = index;
    this.random.restart(index);
    this.#uuid = "";
    for (let i = 0; i < feeds.length; i++) this.rows[i] = feeds[i]!.take();
  }
}

export class Flow {
  readonly kinds: readonly RequestKind[];
  readonly #inSequence: boolean;
  readonly #feeds: readonly Feed[];
  readonly #share: Share;
  readonly #seed: number;
  /** Values have a stream of their own, so that the choices are the same whatever the requests look like. */
  readonly #choices: Random;
  /** Each kind's weight and those before it. */
  readonly #weights: readonly number[];
  /** Between two of their steps; one that has done its last waits among the spare ones. */
  readonly #waiting: Fifo<Sender> = new Fifo();
  readonly #spare: Sender[] = [];
  /** Weighted: one for all, because a request is rendered as soon as it is chosen. */
  readonly #only: Sender;
  /** The index of the next iteration: of several shares, each has every n-th. */
  #next: number;

  constructor(
    kinds: readonly RequestKind[],
    flow: FlowKind,
    feeds: readonly Feed[],
    seed: number,
    share: Share = WHOLE,
  ) {
    this.kinds = kinds;
    this.#inSequence = flow === "sequence";
    this.#feeds = feeds;
    this.#share = share;
    this.#seed = seed;
    this.#next = share.index;
    this.#choices = new Random(seed, 0);
    this.#choices.skip(share.index);
    let sum = 0;
    this.#weights = kinds.map(({ weight }) => sum += weight);
    this.#only = new Sender(this.#values());
  }

  /** Whether the next request wants a row that is not there. */
  get exhausted(): boolean {
    return this.#waiting.size === 0 && this.#feeds.some((feed) => feed.exhausted);
  }

  /** Who sends the next request. */
  next(): Sender {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return waiting;
    const sender = this.#inSequence ? this.#spare.pop() ?? new Sender(this.#values()) : this.#only;
    sender.restart(this.#next, this.#feeds);
    this.#next += this.#share.of;
    sender.step = this.#inSequence ? 0 : this.#choose();
    return sender;
  }

  /** A sender's request is done. */
  done(sender: Sender): void {
    if (!this.#inSequence) return;
    sender.step += 1;
    if (sender.step < this.kinds.length) this.#waiting.push(sender);
    else this.#spare.push(sender);
  }

  /** The same for each sender: where an iteration begins in it is its index's alone. */
  #values(): Random {
    return new Random(this.#seed, 1);
  }

  #choose(): number {
    if (this.kinds.length === 1) return 0;
    const drawn = this.#choices.next() * this.#weights.at(-1)!;
    this.#choices.skip(this.#share.of - 1);
    let chosen = 0;
    while (drawn >= this.#weights[chosen]!) chosen += 1;
    return chosen;
  }
}
