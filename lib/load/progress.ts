/** What a run tells while it runs. */
export interface Progress {
  readonly elapsedMs: number;
  /** What goes on that is not measured, in words; undefined: the measuring. */
  readonly aside?: string | undefined;
  /** Undefined: the run ends by its count of requests. */
  readonly totalMs: number | undefined;
  readonly requestsTotal: number | undefined;
  readonly offered: number;
  readonly completed: number;
  readonly failed: number;
  /** Completed a second, over the last second. */
  readonly rpsNow: number;
  /** That of the schedule in the middle of that second; undefined: closed loop. */
  readonly rpsTarget: number | undefined;
  readonly live: number;
  readonly dialing: number;
  readonly waiting: number;
  readonly heldBodies: number;
  readonly rssBytes: number;
}
