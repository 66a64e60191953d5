import type { LivingSubject } from "./living_subject.ts";
import { play } from "./play.ts";
import type { Program } from "./program.ts";
import type { StepReport } from "./report.ts";

/** What Go makes of each program: played once, however many runtimes are held against it. */
export class Expected {
  readonly subject: LivingSubject;
  readonly #reports: Map<number, Promise<StepReport[]>> = new Map();

  constructor(subject: LivingSubject) {
    this.subject = subject;
  }

  of(program: Program, patience: number): Promise<StepReport[]> {
    let reports = this.#reports.get(program.number);
    if (reports === undefined) {
      reports = play(program, this.subject.process, patience);
      this.#reports.set(program.number, reports);
    }
    return reports;
  }

  /** Go shall play it again. */
  forget(program: Program): void {
    this.#reports.delete(program.number);
  }
}
