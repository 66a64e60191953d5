// A server in a process of its own that tells afterwards what it did when: its times are the truth that a run's are held
// against. The scripts are freezing_server.ts and delaying_server.ts, and tests/bench/delaying_target.c is one too.

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { currentRuntime } from "../../cli/process/runtimes.ts";

/** Milliseconds that processes agree on, to some 10 µs on one machine. */
export function sharedNowMs(): number {
  return performance.timeOrigin + performance.now();
}

export class TimedServer<Report> implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(url: string, child: ChildProcess, lines: AsyncIterator<string>) {
    this.url = url;
    this.#child = child;
    this.#lines = lines;
  }

  /** Starts a script beside this file, under the runtime that runs the test. */
  static async start<Report>(name: string, ...args: readonly (string | number)[]): Promise<TimedServer<Report>> {
    const suffix = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const script = fileURLToPath(new URL(`./${name}.${suffix}`, import.meta.url));
    const words = currentRuntime() === "deno" ? ["run", "-A", "--no-check", "--quiet", script] : [script];
    return await TimedServer.spawn(process.execPath, ...words, ...args.map(String));
  }

  /** Starts a program that prints its port, answers each line with its report, and ends with its stdin. */
  static async spawn<Report>(program: string, ...words: readonly string[]): Promise<TimedServer<Report>> {
    const child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const port = (await lines.next()).value as string;
    return new TimedServer(`http://127.0.0.1:${port}/`, child, lines);
  }

  /** What it did so far. */
  async report(): Promise<Report> {
    this.#child.stdin!.write("report\n");
    return JSON.parse((await this.#lines.next()).value as string) as Report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin!.end();
    await closed;
  }
}
