import { describe, difference, show } from "./difference.ts";
import type { Expected } from "./expected.ts";
import { play } from "./play.ts";
import type { Program } from "./program.ts";
import type { StepReport } from "./report.ts";
import type { SubjectProcess } from "./subject_process.ts";

/** What a runtime's run came to. */
export interface Outcome {
  /** A text for each program that disagrees. */
  readonly disagreements: readonly string[];
  /** How many agreed only when they were played again with nothing beside them. */
  readonly unsteady: number;
}

/** Plays programs on Go and on a subject, several at once, and holds their reports together. */
export async function compare(
  programs: readonly Program[],
  expected: Expected,
  subject: SubjectProcess,
  concurrency: number,
): Promise<Outcome> {
  const suspects: Program[] = [];
  const waiting = [...programs];
  const worker = async (): Promise<void> => {
    for (let program = waiting.shift(); program !== undefined; program = waiting.shift()) {
      const found = await disagreement(program, expected, subject);
      if (found !== undefined) suspects.push(program);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  // On a busy machine one side may look settled too soon: a disagreement counts when it is there again, alone.
  const disagreements: string[] = [];
  for (const program of suspects.sort((a, b) => a.number - b.number)) {
    expected.forget(program);
    const found = await disagreement(program, expected, subject);
    if (found !== undefined) disagreements.push(found);
  }
  return { disagreements, unsteady: suspects.length - disagreements.length };
}

async function disagreement(
  program: Program,
  expected: Expected,
  subject: SubjectProcess,
): Promise<string | undefined> {
  try {
    const [go, ours] = await Promise.all([expected.of(program), play(program, subject)]);
    const found = difference(program, go, ours, [expected.subject.name, subject.name]);
    if (found === undefined) return undefined;
    return [`program ${program.number}, after step ${found.step}:`, ...describe(program, found.step), ...found.lines]
      .join("\n");
  } catch (error) {
    return [`program ${program.number}: ${error}`, ...describe(program)].join("\n");
  }
}

/** One program, step by step, with all that both sides report. */
export async function narrate(program: Program, expected: Expected, subject: SubjectProcess): Promise<string> {
  const go = await expected.of(program);
  const ours = await play(program, subject);
  const side = (
    name: string,
    step: number,
    report: StepReport,
  ): string[] => [`after step ${step}, ${name}:`, ...show(report)];
  const steps = go.flatMap((report, step) => [
    ...side(expected.subject.name, step, report),
    ...side(subject.name, step, ours[step]!),
  ]);
  return [...describe(program), ...steps].join("\n");
}
