// A process that carries out one command line after another, so that a test of many pays for one start. It is for
// commands that end by themselves and whose start is not the question: what they print, and their exit codes.

import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Finished } from "./cli.ts";
import { startScript } from "./script_process.ts";

export class CliHost implements Disposable {
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined = undefined;
  #answers: AsyncIterator<string> | undefined = undefined;
  /** The invocation before. */
  #before: Promise<unknown> = Promise.resolve();

  /** `env`: besides the test's. */
  constructor(env: Readonly<Record<string, string>> = {}) {
    this.#env = { NO_COLOR: "1", ...env };
  }

  /** Runs loadgen to its end, after those that were asked for before. Rejects if that ends the process. */
  run(args: readonly string[]): Promise<Finished> {
    const finished = this.#before.then(() => this.#run(args));
    this.#before = finished.catch(() => {});
    return finished;
  }

  async #run(args: readonly string[]): Promise<Finished> {
    if (this.#child === undefined) {
      this.#child = startScript("cli_host_process", [], { stdin: "pipe", env: this.#env });
      this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
    }
    this.#child.stdin!.write(`${JSON.stringify(args)}\n`);
    const { value, done } = await this.#answers!.next();
    if (done) throw new Error(`loadgen ${args.join(" ")}: its process ended`);
    return JSON.parse(value);
  }

  [Symbol.dispose](): void {
    this.#child?.stdin?.end();
  }
}
