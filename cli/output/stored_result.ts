// Results read from files that anybody may have written, from their beginning to their end: a pipe will do as well.

import { existsSync } from "node:fs";
import { isJournal } from "../../lib/result/journal.ts";
import { readJournal } from "../../lib/result/journal_reader.ts";
import { parseResult } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { InputFile, UnfitInput } from "../input/input_file.ts";
import { journalPathFor } from "./run_files.ts";

/** A result's second takes about 300 bytes: this is more than a week. */
const MOST_RESULT_CHARS = 256 * 1024 * 1024;

/** A second takes 2 to 40 KiB in a journal. */
const MOST_LINE_CHARS = 4 * 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

/** Enough to tell a journal by. */
const HEAD_CHARS = 64;

const EXPECTED = "a result (loadgen/result@1) or the journal of a run";

/** The result in a file, or what its journal tells of it. Throws a `UsageError` that names the file. */
export function readStored(path: string): Result {
  using file = open(path);
  try {
    const text = textOf(file);
    let head = "";
    while (head.length < HEAD_CHARS) {
      const { done, value } = text.next();
      if (done === true) break;
      head += value;
    }
    return isJournal(head) ? readJournal(linesOf(head, text, path), path) : readResult(head, text, path);
  } catch (error) {
    if (!(error instanceof UnfitInput)) throw error;
    throw new UsageError(path, `expected ${EXPECTED}, ${error.message}`);
  }
}

function open(path: string): InputFile {
  try {
    return new InputFile(path);
  } catch (error) {
    if (error instanceof UnfitInput) throw new UsageError(path, `expected ${EXPECTED}, got a folder`);
    const journal = journalPathFor(path);
    const hint = existsSync(journal) ? `; its run was killed, and ${journal} is what it left` : "";
    const { code } = error as NodeJS.ErrnoException;
    const problem = code === "ENOENT" ? "no such file" : `expected ${EXPECTED}, cannot be read (${code})`;
    throw new UsageError(path, `${problem}${hint}`);
  }
}

function readResult(head: string, rest: Iterable<string>, path: string): Result {
  const parts = [head];
  let chars = head.length;
  for (const part of rest) {
    chars += part.length;
    if (chars > MOST_RESULT_CHARS) {
      throw new UsageError(path, `expected ${EXPECTED}, got more than ${MOST_RESULT_CHARS} bytes`);
    }
    parts.push(part);
  }
  const text = parts.join("");
  if (!text.includes('"loadgen/result@1"')) throw new UsageError(path, `expected ${EXPECTED}`);
  return parseResult(text, path);
}

/** The whole lines of a text, one after the other; what follows the last line end was cut off, and is left out. */
function* linesOf(head: string, rest: Iterable<string>, path: string): Generator<string, void> {
  const whole = head.split("\n");
  let last = whole.pop()!;
  yield* whole;
  for (const part of rest) {
    const lines = (last + part).split("\n");
    last = lines.pop()!;
    if (last.length > MOST_LINE_CHARS) throw new UsageError(path, `expected ${EXPECTED}, got a line without an end`);
    yield* lines;
  }
}

/** A file's text, part by part. */
function* textOf(file: InputFile): Generator<string, void> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const length = file.read(chunk);
    if (length === 0) return;
    yield decoder.decode(chunk.subarray(0, length), { stream: true });
  }
}
