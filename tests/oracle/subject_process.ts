import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import type { PoolOptions, Step } from "./program.ts";
import type { SubjectReport } from "./report.ts";

/** What the subjects are told. `run` names one program under way. */
export type Command =
  | { readonly op: "open"; readonly run: number; readonly options: PoolOptions; readonly ports: readonly number[] }
  | { readonly op: "step"; readonly run: number; readonly step: Step }
  | { readonly op: "report"; readonly run: number }
  /** Cancel everything and close what is idle. */
  | { readonly op: "end"; readonly run: number }
  | { readonly op: "forget"; readonly run: number };

/** A subject in a process of its own, that plays many programs at once. */
export class SubjectProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #waiting: Map<number, (report: SubjectReport) => void> = new Map();
  readonly #died: Promise<never>;
  #stderr = "";
  #nextRun = 0;

  constructor(name: string, executable: string, words: readonly string[]) {
    this.name = name;
    this.#child = spawn(executable, words, {
      stdio: ["pipe", "pipe", "pipe"],
      // go.mod names an old Go; what newer ones were made to keep of it is not asked for
      env: { ...process.env, GODEBUG: "httplaxcontentlength=0,asynctimerchan=0" },
    });
    this.#child.stdin!.on("error", () => {}); // its end is told by `#died`
    this.#child.stderr!.on("data", (bytes) => this.#stderr = `${this.#stderr}${bytes}`.slice(-4000));
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      const { run, report } = JSON.parse(line) as { run: number; report: SubjectReport };
      this.#waiting.get(run)?.(report);
    });
    this.#died = new Promise((_, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", (code) => reject(new Error(`${name} ended with code ${code}: ${this.#stderr}`)));
    });
    this.#died.catch(() => {});
  }

  /** Opens a program; the number names it from here on. */
  open(options: PoolOptions, ports: readonly number[]): number {
    const run = this.#nextRun++;
    this.send({ op: "open", run, options, ports });
    return run;
  }

  send(command: Command): void {
    this.#child.stdin!.write(`${JSON.stringify(command)}\n`);
  }

  /** What the program's requests have come to; rejects where the process died. */
  report(run: number): Promise<SubjectReport> {
    const answer = new Promise<SubjectReport>((resolve) => this.#waiting.set(run, resolve));
    this.send({ op: "report", run });
    return Promise.race([answer, this.#died]);
  }

  forget(run: number): void {
    this.#waiting.delete(run);
    this.send({ op: "forget", run });
  }

  stop(): void {
    this.#child.stdin!.end();
    this.#child.kill();
  }
}
