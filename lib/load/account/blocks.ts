// A run in blocks of consecutive seconds: what a comparison needs to know how much its latencies vary by themselves. Few
// enough for any run, as neighbours become one when there are too many.

import type { Histogram } from "hdr-histogram-js";
import type { Clocks } from "../../record/clocks.ts";
import { addedPacked, type PackedHistogram, packHistogram } from "../../record/packed_histogram.ts";
import type { SeriesLine } from "./series.ts";

/** A full list becomes half of it. */
export const MOST_BLOCKS = 32;

/** Consecutive seconds of a run as one. */
export interface Block {
  /** Its first. */
  readonly second: number;
  readonly lengthMs: number;
  readonly completed: number;
  readonly failed: number;
  /** Connections that were dialed, as far as the client tells. */
  readonly dialed: number;
  /** In µs; what had no end when the run ended is in the last one, with its age. */
  readonly response: PackedHistogram;
  readonly service: PackedHistogram;
}

/** Takes the seconds of a run in their order, in memory that does not grow with it. */
export class Blocks {
  #blocks: Block[] = [];
  /** How many seconds a whole block has. */
  #seconds = 1;
  /** How many the last one has by now. */
  #filled = 0;

  /** Takes a second; `latency` is of it alone. */
  add({ second, completed, failed }: SeriesLine, lengthMs: number, latency: Clocks<Histogram>): void {
    const response = packHistogram(latency.response);
    const block: Block = {
      second,
      lengthMs,
      completed,
      failed,
      dialed: latency.connect.totalCount,
      response: latency.censored.totalCount === 0 ? response : addedPacked(response, packHistogram(latency.censored)),
      service: packHistogram(latency.service),
    };
    if (this.#filled > 0 && this.#filled < this.#seconds) {
      this.#blocks.push(joined(this.#blocks.pop()!, block));
      this.#filled += 1;
      return;
    }
    if (this.#blocks.length === MOST_BLOCKS) {
      this.#blocks = Array.from(
        { length: MOST_BLOCKS / 2 },
        (_, at) => joined(this.#blocks[2 * at]!, this.#blocks[2 * at + 1]!),
      );
      this.#seconds *= 2;
    }
    this.#blocks.push(block);
    this.#filled = 1;
  }

  /** The blocks by now; a last one that is less than half of the others is a part of the one before. */
  list(): Block[] {
    const blocks = [...this.#blocks];
    const [before, last] = blocks.slice(-2);
    if (last === undefined || last.lengthMs * 2 >= blocks[0]!.lengthMs) return blocks;
    return [...blocks.slice(0, -2), joined(before!, last)];
  }
}

function joined(one: Block, next: Block): Block {
  return {
    second: one.second,
    lengthMs: one.lengthMs + next.lengthMs,
    completed: one.completed + next.completed,
    failed: one.failed + next.failed,
    dialed: one.dialed + next.dialed,
    response: addedPacked(one.response, next.response),
    service: addedPacked(one.service, next.service),
  };
}
