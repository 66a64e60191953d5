// Results read from files that anybody may have written.

import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { isJournal } from "../../lib/result/journal.ts";
import { readJournal } from "../../lib/result/journal_reader.ts";
import { parseResult } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { journalPathFor } from "./run_files.ts";

/** A result's second takes about 300 bytes: this is more than a week. */
const MOST_RESULT_BYTES = 256 * 1024 * 1024;

/** A second takes 2 to 40 KiB in a journal. */
const MOST_LINE_BYTES = 4 * 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

const EXPECTED = "a result (loadgen/result@1) or the journal of a run";

/** The result in a file, or the one that a journal still tells. Throws a `UsageError` in one line that names the file. */
export function readStored(path: string): Result {
  const descriptor = open(path);
  try {
    return beginsAsJournal(descriptor) ? readJournal(linesOf(descriptor, path), path) : readResult(descriptor, path);
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string): number {
  try {
    const descriptor = openSync(path, "r");
    if (fstatSync(descriptor).isFile()) return descriptor;
    closeSync(descriptor);
  } catch (error) {
    const journal = journalPathFor(path);
    const hint = existsSync(journal) ? `; its run was killed, and ${journal} is what it left` : "";
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(path, `expected ${EXPECTED} (${code})${hint}`);
  }
  throw new UsageError(path, `expected ${EXPECTED}, got what is no file`);
}

function beginsAsJournal(descriptor: number): boolean {
  const bytes = new Uint8Array(64);
  return isJournal(new TextDecoder().decode(bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0))));
}

function readResult(descriptor: number, path: string): Result {
  const { size } = fstatSync(descriptor);
  if (size > MOST_RESULT_BYTES) throw new UsageError(path, `expected ${EXPECTED}, got ${size} bytes`);
  const text = readFileSync(descriptor, "utf8");
  if (!text.includes('"loadgen/result@1"')) throw new UsageError(path, `expected ${EXPECTED}`);
  return parseResult(text, path);
}

/** The whole lines of a file, one after the other; what follows the last line end was cut off, and is left out. */
function* linesOf(descriptor: number, path: string): Generator<string, void> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(CHUNK_BYTES);
  let rest = "";
  for (let at = 0;;) {
    const length = readSync(descriptor, chunk, 0, chunk.length, at);
    if (length === 0) return;
    at += length;
    const lines = (rest + decoder.decode(chunk.subarray(0, length), { stream: true })).split("\n");
    rest = lines.pop()!;
    if (rest.length > MOST_LINE_BYTES) throw new UsageError(path, `expected ${EXPECTED}, got a line without an end`);
    yield* lines;
  }
}
