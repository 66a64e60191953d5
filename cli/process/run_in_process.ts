// One plan in a fresh process, under any of the runtimes: nothing of an earlier run is left in its memory.

import { type ChildProcess, spawn } from "node:child_process";
import type { Observer } from "../../lib/load/observer.ts";
import { parseResult } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { eachLine } from "../terminal/lines.ts";
import { findRuntime, type RuntimeName, selfCommand } from "./runtimes.ts";
import { STOP, type WorkerMessage } from "./worker_protocol.ts";

/** A worker tells its progress several times a second; one that is silent for this long will not come back. */
const SILENCE_TIMEOUT_MS = 60_000;

/** A result, or one line that says why there is none. */
export type Outcome = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly problem: string };

export interface ProcessRunOptions {
  /** Its ticks are those of the worker; nothing else is told. */
  readonly observer: Pick<Observer, "tick">;
  /** Aborted: the worker stops cleanly and still gives its result. */
  readonly signal: AbortSignal;
}

/** Runs a plan under a runtime in a process of its own. Never throws: whatever goes wrong there is the outcome's problem. */
export function runInProcess(runtime: RuntimeName, plan: Plan, options: ProcessRunOptions): Promise<Outcome> {
  const executable = findRuntime(runtime);
  if (executable === undefined) return Promise.resolve({ ok: false, problem: `${runtime} was not found` });
  const [file, ...words] = selfCommand(runtime, executable, ["worker"]);
  return new WorkerRun(spawn(file!, words, { stdio: ["pipe", "pipe", "pipe"] }), plan, options).outcome;
}

/** A worker from its start to its end; the outcome settles once its process is gone. */
class WorkerRun {
  readonly outcome: Promise<Outcome>;
  readonly #child: ChildProcess;
  readonly #options: ProcessRunOptions;
  #answer: Outcome | undefined;
  #lastWords = "";
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(child: ChildProcess, plan: Plan, options: ProcessRunOptions) {
    this.#child = child;
    this.#options = options;
    const stop = (): void => void child.stdin!.write(`${STOP}\n`);
    options.signal.addEventListener("abort", stop);
    this.outcome = new Promise<Outcome>((resolve) => {
      const gone = (fallback: Outcome): void => {
        clearTimeout(this.#silence);
        options.signal.removeEventListener("abort", stop);
        resolve(this.#answer ?? fallback);
      };
      child.on("error", (error) => gone(notStarted(error, child.spawnfile)));
      child.on("close", (code, signal) => gone(this.#death(code, signal)));
    });
    child.stdin!.on("error", () => {}); // it died before it read its plan: its exit tells
    child.stdin!.write(`${JSON.stringify(plan)}\n`);
    eachLine(child.stdout!, (line) => this.#hear(line));
    eachLine(child.stderr!, (line) => {
      if (line.trim() !== "") this.#lastWords = line.trim();
    });
    this.#awaitNext();
    if (options.signal.aborted) stop();
  }

  #hear(line: string): void {
    this.#awaitNext();
    try {
      const message = JSON.parse(line) as WorkerMessage;
      if (message.kind === "progress") this.#options.observer.tick?.(message.progress);
      else if (message.kind === "problem") this.#settle(message.problem);
      else {
        this.#answer ??= { ok: true, result: parseResult(JSON.stringify(message.result), "its result") };
        this.#child.stdin!.end();
      }
    } catch (error) {
      const reason = error instanceof UsageError
        ? error.message
        : `it said what nobody understands: ${line.slice(0, 60)}`;
      this.#settle(reason);
      this.#child.kill("SIGKILL");
    }
  }

  #settle(problem: string): void {
    this.#answer ??= { ok: false, problem };
  }

  #awaitNext(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#settle(`it was silent for ${SILENCE_TIMEOUT_MS / 1000} s`);
      this.#child.kill("SIGKILL");
    }, SILENCE_TIMEOUT_MS);
  }

  #death(code: number | null, signal: string | null): Outcome {
    const how = signal === null ? `it exited with code ${code}` : `${signal} ended it`;
    return { ok: false, problem: this.#lastWords === "" ? how : `${how}: ${this.#lastWords}` };
  }
}

function notStarted(error: NodeJS.ErrnoException, file: string): Outcome {
  return { ok: false, problem: error.code === "ENOENT" ? `${file} was not found` : `not started: ${error.message}` };
}
