import type { ControlCommand } from "./control_command.ts";

/** A run under way, for whoever steers it: keys, a socket, a program. */
export interface RunControl {
  /** No requests fall due. */
  readonly paused: boolean;
  /** Bodies are neither read nor closed. */
  readonly holding: boolean;
  /** Does it, marks the change in the run's series, and says what holds now. */
  apply(command: ControlCommand): string;
}
