import type { Program, Step } from "./program.ts";
import type { StepReport, SubjectReport } from "./report.ts";
import { ScriptServer } from "./script_server.ts";
import type { SubjectProcess } from "./subject_process.ts";

/** Between two looks at a program. */
const LOOK_MS = 8;

/** So many looks in a row must see the same. The subject answers each after what lay before it in its event loop, so a busy machine stretches the looks. */
const SAME_LOOKS = 2;

/** A program that is still moving after this long is not going to stop. */
const SETTLE_LIMIT_MS = 10_000;

/** Plays a program on a subject, and reports what it has come to after each step, and at last after everything was cancelled. */
export async function play(program: Program, subject: SubjectProcess): Promise<StepReport[]> {
  const server = await ScriptServer.start(program);
  const run = subject.open(program.options, server.ports);
  try {
    const reports: StepReport[] = [];
    for (const step of program.steps) {
      act(step, run, server, subject);
      reports.push(await settle(program.settleMs, run, server, subject));
    }
    subject.send({ op: "end", run });
    server.hear();
    const { server: { open }, client: { live } } = await settle(program.settleMs, run, server, subject);
    // Everything was cancelled at once: in which order it went is of no interest.
    const left = Math.max(open, live);
    return [...reports, {
      server: { dials: 0, open: left, requests: [], disturbed: "" },
      client: { live: left, requests: [] },
    }];
  } finally {
    subject.forget(run);
    await server.close();
  }
}

function act(step: Step, run: number, server: ScriptServer, subject: SubjectProcess): void {
  if (step.op === "release") server.release(step.id);
  else if (step.op === "disturb") server.disturb(step.pick, step.text, step.end);
  else subject.send({ op: "step", run, step });
}

/** Resolves with the first report that the program stays at. */
async function settle(
  atLeastMs: number,
  run: number,
  server: ScriptServer,
  subject: SubjectProcess,
): Promise<StepReport> {
  const started = performance.now();
  let last = "";
  let same = 0;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const client: SubjectReport = await subject.report(run);
    const seen = `${server.activity} ${server.busy} ${JSON.stringify(client)}`;
    same = seen === last && server.busy === 0 ? same + 1 : 0;
    last = seen;
    const elapsed = performance.now() - started;
    if (same >= SAME_LOOKS && elapsed >= atLeastMs) return { server: server.report(), client };
    if (elapsed > SETTLE_LIMIT_MS) throw new Error(`${subject.name} never came to rest: ${seen}`);
  }
}
