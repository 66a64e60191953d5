// The files of one run: its journal and its histogram logs while it goes on, its result when it is over.

import { lstatSync, renameSync, unlinkSync } from "node:fs";
import { extname } from "node:path";
import type { Observer } from "../../lib/load/observer.ts";
import { encodeSecond } from "../../lib/result/encoded_second.ts";
import { hlogHead, hlogLines } from "../../lib/result/hlog.ts";
import { journalEnding, journalHead, journalSecond } from "../../lib/result/journal.ts";
import type { Result } from "../../lib/result/result.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { AppendFile, notWritten } from "./append_file.ts";
import { writeOutputs } from "./outputs.ts";

/** The journal lies beside the first file that was asked for. */
export function journalPathFor(path: string): string {
  return `${path}.journal`;
}

export class RunFiles {
  readonly #journalPath: string;
  readonly #logPaths: readonly string[];
  /** Written when the run is over. */
  readonly #resultPaths: readonly string[];
  readonly #tell: (problem: string) => void;
  #journal: AppendFile | undefined = undefined;
  #logs: readonly AppendFile[] = [];

  /** Does nothing yet. `tell` gets a line for whatever cannot be written; the run goes on without it. */
  constructor(paths: readonly string[], tell: (problem: string) => void) {
    this.#journalPath = journalPathFor(paths[0]!);
    this.#logPaths = paths.filter((path) => extname(path) === ".hlog");
    this.#resultPaths = paths.filter((path) => extname(path) !== ".hlog");
    this.#tell = tell;
  }

  /** Writes what the run of this plan tells. */
  observerOf(plan: Plan): Observer {
    return {
      begin: (start) => {
        this.#keepOldJournal();
        this.#journal = new AppendFile(this.#journalPath, this.#tell);
        this.#journal.append(journalHead(plan, start));
        this.#logs = this.#logPaths.map((path) => new AppendFile(path, this.#tell));
        for (const log of this.#logs) log.append(hlogHead(start.startedAt));
      },
      second: (second) => {
        const encoded = encodeSecond(second);
        this.#journal?.append(journalSecond(encoded));
        for (const log of this.#logs) log.append(hlogLines(encoded));
      },
      end: (run) => {
        this.#journal?.append(journalEnding(run));
        this.#journal?.close();
        for (const log of this.#logs) log.close();
      },
    };
  }

  /** Writes the result. True: every file is whole, and the journal is gone; else the journal stays. */
  finish(result: Result): boolean {
    const written = writeOutputs(this.#resultPaths, result, this.#tell);
    const whole = written && this.#logs.every((log) => log.whole);
    if (whole) this.#removeJournal();
    else if (this.#journal?.whole) this.#tell(`the result can be had with: loadgen report ${this.#journalPath}`);
    return whole;
  }

  /** A journal that is still there is all that is left of a run that was killed. */
  #keepOldJournal(): void {
    const old = lstatSync(this.#journalPath, { throwIfNoEntry: false });
    if (old === undefined || !old.isFile() || old.size === 0) return;
    try {
      renameSync(this.#journalPath, `${this.#journalPath}.old`);
      this.#tell(`${this.#journalPath}: a killed run's, kept as ${this.#journalPath}.old`);
    } catch (error) {
      this.#tell(notWritten(`${this.#journalPath}.old`, error));
    }
  }

  #removeJournal(): void {
    try {
      unlinkSync(this.#journalPath);
    } catch (error) {
      if (this.#journal?.whole) this.#tell(notWritten(this.#journalPath, error));
    }
  }
}
