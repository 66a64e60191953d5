import type { ChildProcess } from "node:child_process";
import { startScript } from "./script_process.ts";

/** A running tests/support/deaf_server.ts: it listens and never accepts. */
export class DeafServer implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#process = child;
    this.port = port;
  }

  static async start(): Promise<DeafServer> {
    const child = startScript("deaf_server", []);
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout!.once("data", (line) => resolve(Number(line)));
      child.once("exit", (code) => reject(new Error(`the deaf server exited ${code}`)));
    });
    return new DeafServer(child, port);
  }

  /** Kills it: its listening socket is gone once this resolves. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await gone;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
