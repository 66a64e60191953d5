/** Wakes the generator when its next request is due. The run's own timers keep the process alive; a pacer need not. */
export interface Pacer {
  /** Calls back once: at `dueMs` of the clock or as soon after as it can, never from within. One at a time. */
  wakeAt(dueMs: number, callback: () => void): void;
  /** Calls nobody back until it is asked again. */
  cancel(): void;
  /** Gives back what it holds, for good. */
  stop(): void;
}
