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

/** Who waits for a report. */
interface Asker {
  resolve(report: SubjectReport): void;
  reject(error: Error): void;
}

/** A subject in a process of its own, that plays many programs at once. */
export class SubjectProcess {
  readonly name: string;
  /** Why the process is gone; undefined: it runs. */
  death: Error | undefined = undefined;
  readonly #child: ChildProcess;
  readonly #askers: Map<number, Asker> = new Map();
  #stderr = "";
  #nextRun = 0;

  constructor(name: string, executable: string, words: readonly string[]) {
    this.name = name;
    this.#child = spawn(executable, words, {
      stdio: ["pipe", "pipe", "pipe"],
      // go.mod names an old Go; what newer ones were made to keep of it is not asked for
      env: { ...process.env, GODEBUG: "httplaxcontentlength=0,asynctimerchan=0" },
    });
    this.#child.stdin!.on("error", () => {}); // its end is told by `close`
    this.#child.stderr!.on("data", (bytes) => this.#stderr = `${this.#stderr}${bytes}`.slice(-4000));
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      const { run, report } = JSON.parse(line) as { run: number; report: SubjectReport };
      this.#askers.get(run)?.resolve(report);
    });
    this.#child.on("error", (error) => this.#die(error));
    this.#child.on("close", (code) => this.#die(new Error(`${name} ended with code ${code}: ${this.#stderr}`)));
  }

  /** Opens a program; the number names it from here on. */
  open(options: PoolOptions, ports: readonly number[]): number {
    const run = this.#nextRun++;
    this.send({ op: "open", run, options, ports });
    return run;
  }

  send(command: Command): void {
    if (this.death === undefined) this.#child.stdin!.write(`${JSON.stringify(command)}\n`);
  }

  /** What the program's requests have come to; rejects where the process died. */
  report(run: number): Promise<SubjectReport> {
    if (this.death !== undefined) return Promise.reject(this.death);
    const answer = new Promise<SubjectReport>((resolve, reject) => this.#askers.set(run, { resolve, reject }));
    this.send({ op: "report", run });
    return answer;
  }

  forget(run: number): void {
    this.#askers.delete(run);
    this.send({ op: "forget", run });
  }

  stop(): void {
    this.#child.stdin!.end();
    this.#child.kill();
  }

  #die(error: Error): void {
    this.death ??= error;
    for (const asker of this.#askers.values()) asker.reject(this.death);
  }
}
