import { describe, difference, show } from "./difference.ts";
import type { Expected } from "./expected.ts";
import type { LivingSubject } from "./living_subject.ts";
import { play } from "./play.ts";
import type { Program } from "./program.ts";
import type { StepReport } from "./report.ts";

/** What a runtime's run came to. */
export interface Outcome {
  /** A text for each program that disagrees. */
  readonly disagreements: readonly string[];
  /** How many agreed only when they were played again, in calm. */
  readonly unsteady: number;
}

/** How many of them at once when they are played again, and how much longer each wait is then. */
const SECOND_CONCURRENCY = 4;
const SECOND_PATIENCE = 3;

/** Plays programs on Go and on a subject, several at once, and holds their reports together. */
export async function compare(
  programs: readonly Program[],
  expected: Expected,
  subject: LivingSubject,
  concurrency: number,
): Promise<Outcome> {
  const suspects: Program[] = [];
  await inParallel(programs, concurrency, async (program) => {
    if (await disagreement(program, expected, subject, 1) !== undefined) suspects.push(program);
  });
  // On a busy machine one side may look settled too soon: a disagreement counts when it is there again, in calm.
  const disagreements = new Map<number, string>();
  await inParallel(suspects, SECOND_CONCURRENCY, async (program) => {
    expected.forget(program);
    const found = await disagreement(program, expected, subject, SECOND_PATIENCE);
    if (found !== undefined) disagreements.set(program.number, found);
  });
  return {
    disagreements: [...disagreements].sort(([a], [b]) => a - b).map(([, text]) => text),
    unsteady: suspects.length - disagreements.size,
  };
}

async function inParallel<T>(items: readonly T[], concurrency: number, act: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function disagreement(
  program: Program,
  expected: Expected,
  subject: LivingSubject,
  patience: number,
): Promise<string | undefined> {
  try {
    const [go, ours] = await Promise.all([
      expected.of(program, patience),
      play(program, subject.process, patience),
    ]);
    const found = difference(program, go, ours, [expected.subject.name, subject.name]);
    if (found === undefined) return undefined;
    return [`program ${program.number}, after step ${found.step}:`, ...describe(program, found.step), ...found.lines]
      .join("\n");
  } catch (error) {
    return [`program ${program.number}: ${error}`, ...describe(program)].join("\n");
  }
}

/** One program, step by step, with all that both sides report. */
export async function narrate(program: Program, expected: Expected, subject: LivingSubject): Promise<string> {
  const go = await expected.of(program, 1);
  const ours = await play(program, subject.process);
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
