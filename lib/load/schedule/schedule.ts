/**
 * When requests are due: by index, and by time since the run's beginning. Pure functions, without a clock.
 * `dueMs` never decreases, and `dueBefore` is its exact inverse.
 */
export interface Schedule {
  /** The mean rate over its length, requests a second. */
  readonly rps: number;
  /** How many requests there are in all; Infinity if it has no end. */
  readonly count: number;
  /** When it ends, in ms; Infinity if never. */
  readonly endMs: number;
  /** When request `index` (from 0) is due; Infinity from `count` on. */
  dueMs(index: number): number;
  /** How many requests are due before this instant. */
  dueBefore(elapsedMs: number): number;
  /** The rate aimed at in an instant, requests a second; 0 before the beginning and from the end on. */
  rpsAt(elapsedMs: number): number;
}
