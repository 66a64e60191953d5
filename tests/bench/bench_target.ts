// The server that the bench loads: a small C program, compiled here, so that it is never the limit.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { packageRoot } from "../../cli/runtimes.ts";
import { deadPort } from "../support/raw_server.ts";

const START_MS = 5_000;

/** The running target; disposing of it ends its process and removes what was compiled. */
export class BenchTarget implements Disposable {
  readonly url: string;
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #stop = () => {
    process.off("exit", this.#stop);
    this.#child.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  };

  private constructor(url: string, folder: string, child: ChildProcess) {
    this.url = url;
    this.#folder = folder;
    this.#child = child;
    process.on("exit", this.#stop);
  }

  /** Compiles and starts it, pinned to a core. Rejects where there is no C compiler. */
  static async start(core: number | undefined): Promise<BenchTarget> {
    const folder = mkdtempSync(join(tmpdir(), "loadgen-bench-"));
    const binary = join(folder, "target");
    execFileSync("cc", ["-O2", "-o", binary, join(packageRoot, "tests", "bench", "target.c")]);
    const port = await deadPort();
    const words = core === undefined ? [binary] : ["taskset", "-c", String(core), binary];
    const child = spawn(words[0]!, [...words.slice(1), String(port)], { stdio: ["ignore", "ignore", "inherit"] });
    const target = new BenchTarget(`http://127.0.0.1:${port}`, folder, child);
    await answering(port);
    return target;
  }

  [Symbol.dispose](): void {
    this.#stop();
  }
}

async function answering(port: number): Promise<void> {
  for (const endMs = performance.now() + START_MS; performance.now() < endMs;) {
    const open = await new Promise<boolean>((resolve) => {
      const probe = connect(port, "127.0.0.1")
        .on("connect", () => resolve(probe.destroy() !== undefined))
        .on("error", () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the bench's target does not listen");
}
