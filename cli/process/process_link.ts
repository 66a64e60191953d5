// The carrier of messages to and from a child process. What the messages mean is the host's business and the run's.

import type { ChildProcess } from "node:child_process";
import type { Link, LinkListener } from "../../lib/load/link/link.ts";
import type { ToHost } from "../../lib/load/link/message.ts";
import { messageToText, parseFromHost } from "../../lib/load/link/message_text.ts";
import { eachLine } from "../terminal/lines.ts";

/** A host tells how things stand ten times a second; one that is silent for this long will not come back. */
const SILENCE_MS = 60_000;

/** A process that is not gone within this time after it was told to go is killed. */
const FAREWELL_MS = 2_000;

/** The link to a shard in a process: messages as lines of JSON, on its stdin and its stdout. */
export class ProcessLink implements Link {
  /** Why it is of no use any more, in words; undefined: it is, or it was told to go. */
  problem: string | undefined = undefined;
  /** Resolves once the process has ended and all that it said is heard. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #listener: LinkListener;
  #leaving = false;
  #lastWords = "";
  #silence: ReturnType<typeof setTimeout> | undefined = undefined;

  /** `child` has pipes for stdin, stdout and stderr. */
  constructor(child: ChildProcess, listener: LinkListener) {
    this.#child = child;
    this.#listener = listener;
    this.gone = new Promise((resolve) => {
      child.on("error", (error) => {
        this.#end(notStarted(error, child.spawnfile));
        resolve();
      });
      child.on("close", (code, signal) => {
        this.#end(this.#death(code, signal));
        resolve();
      });
    });
    child.stdin!.on("error", () => {}); // it died before it read: its exit tells
    eachLine(child.stdout!, (line) => this.#hear(line));
    eachLine(child.stderr!, (line) => {
      if (line.trim() !== "") this.#lastWords = line.trim();
    });
    this.#awaitNext();
  }

  tell(message: ToHost): void {
    this.#child.stdin!.write(`${messageToText(message)}\n`);
  }

  /** Resolves once the process is gone. */
  async close(): Promise<void> {
    this.#leaving = true;
    this.tell({ kind: "close" });
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), FAREWELL_MS);
    await this.gone;
    clearTimeout(timer);
  }

  #hear(line: string): void {
    if (this.problem !== undefined) return;
    this.#awaitNext();
    const message = parseFromHost(line);
    if (typeof message === "string") this.#giveUp(message);
    else if (message.kind === "closed") this.#child.stdin!.end();
    else this.#listener.hear(message);
  }

  #awaitNext(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#giveUp(`it was silent for ${SILENCE_MS / 1000} s`), SILENCE_MS);
  }

  #giveUp(problem: string): void {
    this.#end(problem);
    this.#child.kill("SIGKILL");
  }

  #end(problem: string): void {
    clearTimeout(this.#silence);
    if (this.#leaving || this.problem !== undefined) return;
    this.problem = problem;
    this.#listener.died(problem);
  }

  #death(code: number | null, signal: string | null): string {
    const how = signal === null ? `it exited with code ${code}` : `${signal} ended it`;
    return this.#lastWords === "" ? how : `${how}: ${this.#lastWords}`;
  }
}

function notStarted(error: NodeJS.ErrnoException, file: string): string {
  return error.code === "ENOENT" ? `${file} was not found` : `not started: ${error.message}`;
}
