// Lines of test files, as stacks tell them.

import assert from "node:assert/strict";

/** The line of a test file that a frame names. */
export function lineOf(frame: string | undefined): number {
  const line = /_test\.[jt]s:(\d+)/.exec(frame ?? "")?.[1];
  assert.notEqual(line, undefined, `no line of a test in ${frame}`);
  return Number(line);
}

/** The line that calls this. */
export function lineHere(): number {
  return lineOf(new Error().stack!.split("\n").find((frame) => /_test\.[jt]s:/.test(frame)));
}
