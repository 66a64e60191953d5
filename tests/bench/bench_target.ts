// The server that the bench loads: a small C program, compiled here, so that it is never the limit.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Authority } from "../support/certificates.ts";
import { deadPort } from "../support/raw_server.ts";
import { compile } from "./compile.ts";

const START_MS = 5_000;

/** The running target; disposing of it ends its process and removes what was compiled. */
export class BenchTarget implements Disposable {
  readonly url: string;
  readonly pid: number;
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #stop = () => {
    process.off("exit", this.#stop);
    this.#child.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  };

  private constructor(url: string, folder: string, child: ChildProcess) {
    this.url = url;
    this.pid = child.pid!;
    this.#folder = folder;
    this.#child = child;
    process.on("exit", this.#stop);
  }

  /**
   * Compiles and starts it, pinned to a core, with TLS or without. Rejects where there is no C compiler, or no OpenSSL
   * to compile with.
   */
  static async start(core: string | undefined, tls: boolean): Promise<BenchTarget> {
    const folder = mkdtempSync(join(tmpdir(), "loadgen-bench-"));
    const binary = tls ? compile("target", folder, "-DWITH_TLS", "-lssl", "-lcrypto") : compile("target", folder);
    const port = await deadPort();
    const words = core === undefined ? [binary] : ["taskset", "-c", core, binary];
    words.push(String(port), ...(tls ? await writeCertificate(folder) : []));
    const child = spawn(words[0]!, words.slice(1), { stdio: ["ignore", "ignore", "inherit"] });
    const target = new BenchTarget(`${tls ? "https" : "http"}://127.0.0.1:${port}`, folder, child);
    await answering(port);
    return target;
  }

  [Symbol.dispose](): void {
    this.#stop();
  }
}

/** The files of a certificate and its key. */
async function writeCertificate(folder: string): Promise<[certificate: string, key: string]> {
  const authority = await Authority.create("bench");
  const { cert, key } = await authority.server("127.0.0.1");
  const files: [string, string] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  writeFileSync(files[0], cert);
  writeFileSync(files[1], key);
  return files;
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
