// Real servers and proxies for the integration tests: Debian's binaries, each with a configuration of its own in a
// temporary directory, on free ports of 127.0.0.1.

import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, chmodSync, constants, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { deadPort } from "./raw_server.ts";

/** What to start, and how. */
export interface ServicePlan {
  readonly binary: string;
  /** The Debian package that has the binary. */
  readonly package: string;
  /** How many ports it listens on. */
  readonly ports: number;
  /** Writes what it needs into the directory; returns its arguments. It stays in the foreground. */
  configure(directory: string, ports: readonly number[]): readonly string[];
}

/** Daemons live there, where a user's PATH may not look. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin", "/usr/local/sbin"];
const START_MS = 15_000;
/** A free port may be taken before the service takes it. */
const ATTEMPTS = 3;

/** A running service; disposing of it ends the process that was started, and removes its directory. */
export class DebianService implements AsyncDisposable {
  readonly ports: readonly number[];
  readonly #directory: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  /** At once, also when the tests themselves end: nothing in there is worth an orderly end. */
  readonly #stop = () => {
    process.off("exit", this.#stop);
    this.#child.kill("SIGKILL");
    rmSync(this.#directory, { recursive: true, force: true });
  };
  #running = true;
  #output = "";

  private constructor(plan: ServicePlan, binary: string, ports: readonly number[]) {
    this.ports = ports;
    this.#directory = mkdtempSync(join(tmpdir(), `loadgen-${plan.binary}-`));
    // A service that gives up root's rights reads its files as somebody else.
    chmodSync(this.#directory, 0o755);
    this.#child = spawn(binary, plan.configure(this.#directory, ports), { stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stdout!.on("data", (bytes) => this.#output += bytes);
    this.#child.stderr!.on("data", (bytes) => this.#output += bytes);
    this.#exited = new Promise((resolve) => {
      const end = () => {
        this.#running = false;
        resolve();
      };
      this.#child.once("exit", end);
      this.#child.once("error", end);
    });
    process.on("exit", this.#stop);
  }

  /** Resolves when it accepts connections on every port; rejects with its own words where it ends before. */
  static async start(plan: ServicePlan): Promise<DebianService> {
    const binary = findBinary(plan);
    for (let attempt = 1;; attempt++) {
      const ports = await Promise.all(Array.from({ length: plan.ports }, deadPort));
      const service = new DebianService(plan, binary, ports);
      try {
        await service.#listens();
        return service;
      } catch (error) {
        await service[Symbol.asyncDispose]();
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Everything it has said on its standard streams. */
  get output(): string {
    return this.#output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    await this.#exited;
  }

  async #listens(): Promise<void> {
    const deadline = performance.now() + START_MS;
    for (const port of this.ports) {
      while (!(await accepts(port))) {
        const spawned = this.#child.spawnfile;
        if (!this.#running) throw new Error(`${spawned} ended before it listened:\n${this.#output}`);
        if (performance.now() > deadline) throw new Error(`${spawned} does not listen on ${port}:\n${this.#output}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
}

function findBinary(plan: ServicePlan): string {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...SYSTEM_FOLDERS];
  const found = folders.map((folder) => join(folder, plan.binary)).find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(`${plan.binary} is not installed: apt-get install --no-install-recommends ${plan.package}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
