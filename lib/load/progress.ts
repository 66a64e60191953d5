/** Whether requests fall due, do not because somebody paused them, or are all sent and the last answers awaited. */
export type ProgressPhase = "sending" | "paused" | "grace";

/** What a run tells while it runs. */
export interface Progress {
  readonly elapsedMs: number;
  readonly phase: ProgressPhase;
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
  /** Of the responses of the last whole second; undefined: none ended in it. */
  readonly p50Us: number | undefined;
  readonly p99Us: number | undefined;
  /** What failed most often up to then, by the keys of `requests.byError`: one or two of them. */
  readonly errorKinds: readonly string[];
  /** That of the schedule in the middle of that second; undefined: closed loop, or the grace. */
  readonly rpsTarget: number | undefined;
  readonly live: number;
  readonly dialing: number;
  readonly waiting: number;
  readonly heldBodies: number;
  readonly rssBytes: number;
}
