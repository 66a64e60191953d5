// Starts the command line as a user would, under the runtime that runs the test.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { currentRuntime, selfCommand } from "../../cli/process/runtimes.ts";

/** What a process left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** A line of sh that runs it as `"$@"`. */
  readonly shell?: string;
}

/** No invocation in the tests needs longer, even on a busy machine. */
const TIMEOUT_MS = 60_000;

/** A running loadgen. */
export class Cli {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  stdout = "";
  stderr = "";
  readonly #watchers = new Set<() => void>();

  constructor(args: readonly string[], { env = {}, stdin = "", shell }: CliOptions = {}) {
    const self = selfCommand(currentRuntime(), process.execPath, args);
    const [executable, ...words] = shell === undefined ? self : ["sh", "-c", shell, "sh", ...self];
    this.child = spawn(executable!, words, {
      stdio: "pipe",
      env: { ...process.env, NO_COLOR: "1", ...env },
    });
    this.child.stdin!.on("error", () => {}); // it ended without reading
    this.child.stdin!.end(stdin);
    this.child.stdout!.on("data", (bytes) => this.#heard(() => this.stdout += bytes));
    this.child.stderr!.on("data", (bytes) => this.#heard(() => this.stderr += bytes));
    const deadline = setTimeout(() => this.child.kill("SIGKILL"), TIMEOUT_MS);
    this.finished = new Promise((resolve) => {
      this.child.on("close", (code) => {
        clearTimeout(deadline);
        this.#heard(() => {});
        resolve({ code, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Not `child.kill`: Deno then reports the signal even where the process caught it and exited with a code. */
  signal(name: NodeJS.Signals): void {
    process.kill(this.child.pid!, name);
  }

  /** Resolves with the first match in what was printed so far, on either stream; rejects where the process ends first. */
  printed(pattern: RegExp): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = `${this.stdout}\n${this.stderr}`.match(pattern);
        if (match !== null) resolve(match);
        if (match !== null || this.child.exitCode !== null) this.#watchers.delete(look);
        if (match === null && this.child.exitCode !== null) reject(new Error(`never printed: ${this.stderr}`));
      };
      this.#watchers.add(look);
      look();
    });
  }

  #heard(note: () => void): void {
    note();
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** Runs loadgen to its end. */
export function loadgen(args: readonly string[], options?: CliOptions): Promise<Finished> {
  return new Cli(args, options).finished;
}

/** Gives a fresh folder to `use`, and removes it afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "loadgen-test-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
