import { play } from "./play.ts";
import type { Program } from "./program.ts";
import type { StepReport } from "./report.ts";
import type { SubjectProcess } from "./subject_process.ts";

/** What Go makes of each program: played once, however many runtimes are held against it. */
export class Expected {
  readonly subject: SubjectProcess;
  readonly #reports: Map<number, Promise<StepReport[]>> = new Map();

  constructor(subject: SubjectProcess) {
    this.subject = subject;
  }

  of(program: Program): Promise<StepReport[]> {
    let reports = this.#reports.get(program.number);
    if (reports === undefined) {
      reports = play(program, this.subject);
      this.#reports.set(program.number, reports);
    }
    return reports;
  }

  /** Go shall play it again. */
  forget(program: Program): void {
    this.#reports.delete(program.number);
  }
}
