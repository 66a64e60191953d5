// A client of a run's control socket, as `nc -U` is: a line out, a line back.

import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** How often a run is asked how it stands. */
const ASK_MS = 20;

/** How long it may take to come to where it is waited for, on a busy machine. */
const PATIENCE_MS = 50_000;

/** Where a run may listen. */
export class SocketPath implements Disposable {
  readonly #folder: string = mkdtempSync(join(tmpdir(), "loadgen-control-"));
  readonly path: string = join(this.#folder, "control.sock");

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export class Remote implements Disposable {
  readonly #socket: Socket;
  readonly #answers: AsyncIterator<string>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  /** Resolves once somebody listens. */
  static async connect(path: string): Promise<Remote> {
    for (;;) {
      const socket = await new Promise<Socket | undefined>((resolve) => {
        const probe = createConnection(path).on("connect", () => resolve(probe)).on("error", () => resolve(undefined));
      });
      if (socket !== undefined) return new Remote(socket);
      await pause();
    }
  }

  async tell(command: string): Promise<string> {
    this.#socket.write(`${command}\n`);
    return (await this.#answers.next()).value ?? "";
  }

  async offered(): Promise<number> {
    return Number(/(\d+) offered/.exec(await this.tell("status"))![1]);
  }

  /** Resolves once at least so many requests were offered; with a rate of its own, that is a time. */
  async untilOffered(least: number): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (await this.offered() < least) {
      if (performance.now() > deadline) throw new Error(`${least} requests were never offered`);
      await pause();
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ASK_MS));
}
