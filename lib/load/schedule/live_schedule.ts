// A schedule that somebody steers while it runs: rate, pause, resume.

import { constantRate } from "./rate_schedule.ts";
import type { Schedule } from "./schedule.ts";

/** From an instant of the run on, a schedule counts, from an instant of its own on. */
interface Segment {
  readonly fromMs: number;
  /** The first request that is due by it. */
  readonly fromIndex: number;
  readonly schedule: Schedule;
  /** What of the schedule is over already. */
  readonly skippedMs: number;
  readonly skipped: number;
}

const NEVER: Schedule = {
  rps: 0,
  count: 0,
  endMs: Infinity,
  dueMs: () => Infinity,
  dueBefore: () => 0,
  rpsAt: () => 0,
};

/**
 * A schedule that can be changed while it runs. What was due stays due when it was: its past never moves. The end stays
 * where it was planned, by time or by the number of requests, and a pause takes its time from the run. One segment per
 * change is kept.
 */
export class LiveSchedule implements Schedule {
  readonly rps: number;
  /** By time; Infinity: by the number of requests alone. */
  readonly #lastMs: number;
  readonly #requests: number;
  readonly #segments: Segment[] = [];
  /** What goes on after the pause. */
  #paused: Pick<Segment, "schedule" | "skippedMs"> | undefined = undefined;

  /** No more than `requests`, whatever is changed. */
  constructor(planned: Schedule, requests: number) {
    this.rps = planned.rps;
    this.#lastMs = planned.endMs;
    this.#requests = requests;
    this.#segments.push({ fromMs: 0, fromIndex: 0, schedule: planned, skippedMs: 0, skipped: 0 });
  }

  get count(): number {
    return Math.min(this.#requests, this.#lastMs === Infinity ? Infinity : this.#dueBefore(this.#lastMs));
  }

  get endMs(): number {
    return Math.min(this.#lastMs, this.#requests === Infinity ? Infinity : this.dueMs(this.#requests));
  }

  /** Whether it is another one than was planned. */
  get changed(): boolean {
    return this.#segments.length > 1;
  }

  get paused(): boolean {
    return this.#paused !== undefined;
  }

  dueMs(index: number): number {
    let at = this.#segments.length - 1;
    while (this.#segments[at]!.fromIndex > index) at -= 1;
    return dueIn(this.#segments[at]!, index);
  }

  dueBefore(elapsedMs: number): number {
    return Math.min(this.#requests, this.#dueBefore(Math.min(elapsedMs, this.#lastMs)));
  }

  rpsAt(elapsedMs: number): number {
    if (elapsedMs >= this.endMs) return 0;
    const { fromMs, schedule, skippedMs } = this.#segmentAt(elapsedMs);
    return schedule.rpsAt(elapsedMs - fromMs + skippedMs);
  }

  /** The rate at an instant from the last change on; while paused, the one that goes on afterwards. */
  intendedRps(elapsedMs: number): number {
    if (this.#paused === undefined) return this.rpsAt(elapsedMs);
    return this.#paused.schedule.rpsAt(this.#paused.skippedMs);
  }

  /** From an instant on a constant rate; while paused: from the end of the pause on. Instants never go back. */
  setRate(atMs: number, rps: number): void {
    const next = { schedule: constantRate(rps), skippedMs: 0 };
    if (this.#paused === undefined) this.#goOn(atMs, next);
    else this.#paused = next;
  }

  pause(atMs: number): void {
    if (this.#paused !== undefined) return;
    const { fromMs, schedule, skippedMs } = this.#segmentAt(atMs);
    this.#paused = { schedule, skippedMs: atMs - fromMs + skippedMs };
    this.#goOn(atMs, { schedule: NEVER, skippedMs: 0 });
  }

  /** Goes on where the pause began. */
  resume(atMs: number): void {
    if (this.#paused === undefined) return;
    this.#goOn(atMs, this.#paused);
    this.#paused = undefined;
  }

  #goOn(fromMs: number, { schedule, skippedMs }: Pick<Segment, "schedule" | "skippedMs">): void {
    const fromIndex = this.#dueBefore(fromMs);
    this.#segments.push({ fromMs, fromIndex, schedule, skippedMs, skipped: schedule.dueBefore(skippedMs) });
  }

  /** Moved in time, an instant may be rounded to the wrong side of a request: those of the requests decide. */
  #dueBefore(elapsedMs: number): number {
    const segment = this.#segmentAt(elapsedMs);
    const { fromMs, fromIndex, schedule, skippedMs, skipped } = segment;
    let count = fromIndex + schedule.dueBefore(elapsedMs - fromMs + skippedMs) - skipped;
    while (count > fromIndex && dueIn(segment, count - 1) >= elapsedMs) count -= 1;
    while (dueIn(segment, count) < elapsedMs) count += 1;
    return count;
  }

  /** The one that says what is due just before an instant. */
  #segmentAt(elapsedMs: number): Segment {
    let at = this.#segments.length - 1;
    while (at > 0 && this.#segments[at]!.fromMs >= elapsedMs) at -= 1;
    return this.#segments[at]!;
  }
}

function dueIn({ fromMs, fromIndex, schedule, skippedMs, skipped }: Segment, index: number): number {
  return fromMs + schedule.dueMs(index - fromIndex + skipped) - skippedMs;
}
