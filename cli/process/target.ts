// The embedded target from the run's side: started in a process of its own, so that it shares neither a core's event
// loop nor a byte of memory with what is measured.

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import type { TargetPlan } from "../../lib/scenario/plan.ts";
import { eachLine } from "../terminal/lines.ts";
import { currentRuntime, selfCommand } from "./runtimes.ts";

const START_TIMEOUT_MS = 30_000;

/** A running target. */
export interface Target {
  readonly url: string;
  readonly pid: number;
  /** Resolves with a sentence once the process is gone. */
  readonly gone: Promise<string>;
  /** Ends it; resolves once the process is gone. */
  stop(): Promise<void>;
}

/** What was to be started is not there, for a reason that is no bug: a limit, mostly. */
export class NotStarted extends Error {}

/**
 * Starts the embedded target on a free loopback port, under the runtime that runs this process. It ends with `stop`, and
 * by itself once this process is gone, however that came. Rejects with `NotStarted`.
 */
export function startTarget(plan: TargetPlan): Promise<Target> {
  const [executable, ...words] = selfCommand(currentRuntime(), process.execPath, ["target"]);
  const child = spawn(executable!, words, { stdio: ["pipe", "pipe", "inherit"] });
  const gone = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => resolve(signal === null ? `it exited with code ${code}` : `${signal} ended it`));
  });
  // It has no pipes where it did not start, and does not read its plan where it died: `gone` tells.
  child.stdin?.on("error", () => {}).write(`${JSON.stringify(plan)}\n`);
  return new Promise<Target>((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new NotStarted(`the embedded target did not start: ${why}`));
    };
    const timer = setTimeout(() => fail("it said nothing"), START_TIMEOUT_MS);
    gone.then(fail);
    if (child.stdout !== undefined) {
      eachLine(child.stdout, (line) => {
        clearTimeout(timer);
        const { url } = JSON.parse(line) as { url: string };
        const died = gone.then((how) => `the embedded target died: ${how}`);
        resolve({ url, pid: child.pid!, gone: died, stop: () => stop(child, gone) });
      });
    }
  });
}

async function stop(child: ChildProcess, gone: Promise<string>): Promise<void> {
  child.stdin!.end();
  const stubborn = setTimeout(() => child.kill("SIGKILL"), 2000);
  await gone;
  clearTimeout(stubborn);
}
