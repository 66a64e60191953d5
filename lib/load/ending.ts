/** How a run ended, with the reason in a sentence where it was stopped. */
export interface Ending {
  readonly outcome: "completed" | "stopped" | "interrupted";
  readonly reason: string;
}

export const COMPLETED: Ending = { outcome: "completed", reason: "" };

/** Somebody did not want to wait: the outcome says all there is to say. */
export const INTERRUPTED: Ending = { outcome: "interrupted", reason: "" };
