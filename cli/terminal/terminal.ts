// The terminal that this process talks to: how wide it is, whether it takes colour, and a line that repaints itself.

import process from "node:process";
import { stderr, stdout } from "./output.ts";

export type Stream = typeof process.stdout | typeof process.stderr;

export interface View {
  readonly columns: number;
  readonly color: boolean;
  /** Else a pipe or a file, whose lines are for programs. */
  readonly isTerminal: boolean;
}

/** COLUMNS wins, because nobody exports it by accident; 80 for a pipe or a file. */
export function viewOf(stream: Stream): View {
  const wanted = Number(process.env["COLUMNS"]);
  const columns = Number.isInteger(wanted) && wanted >= 20 ? wanted : stream.columns ?? 80;
  return { columns: Math.max(20, columns), color: takesColor(stream), isTerminal: stream.isTTY === true };
}

/** FORCE_COLOR and NO_COLOR as https://force-color.org and https://no-color.org have them; else: is it a terminal? */
function takesColor(stream: Stream): boolean {
  const force = process.env["FORCE_COLOR"];
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  if ((process.env["NO_COLOR"] ?? "") !== "") return false;
  return stream.isTTY === true && process.env["TERM"] !== "dumb";
}

/** Prints lines on stdout. */
export function print(text: string): Promise<void> {
  return stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Prints lines on stderr, apart from what stdout is read for. */
export function note(text: string): Promise<void> {
  return stderr.write(`${text}\n`);
}

/** Prints what went wrong without ending anything. */
export function tellProblem(problem: string): void {
  void note(`loadgen: ${problem}`);
}

/** One line at the foot of the terminal, on stderr, painted over and over; silent unless stderr is a terminal. */
export class ProgressPainter {
  readonly #enabled: boolean;
  #painted = false;

  constructor(wanted: boolean) {
    this.#enabled = wanted && process.stderr.isTTY === true && process.env["TERM"] !== "dumb";
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  paint(line: (view: View) => string): void {
    if (!this.#enabled || stderr.stalled) return;
    const view = viewOf(process.stderr);
    // One column stays free: a full line would wrap, and the next paint would leave it behind.
    void stderr.write(`\r\x1b[2K${line({ ...view, columns: view.columns - 1 })}`);
    this.#painted = true;
  }

  clear(): void {
    if (this.#painted) void stderr.write("\r\x1b[2K");
    this.#painted = false;
  }
}
