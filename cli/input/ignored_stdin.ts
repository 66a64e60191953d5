// What stands on stdin although nothing on the command line asks for it: `echo 'GET http://…' | loadgen` would load
// the embedded target without a word.

import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import process from "node:process";

const STDIN = 0;

/** The problem to tell before a load that nothing but defaults describes; undefined if nothing stands on stdin. */
export function ignoredStdin(): string | undefined {
  const asked = process.argv.some((word) => /\/dev\/(?:stdin|fd\/0)$|\/proc\/self\/fd\/0$/.test(word));
  if (asked || !holdsInput()) return undefined;
  return "stdin: ignored, as no URL is given and no scenario; - reads a scenario from it";
}

/**
 * Whether something stands on stdin. Of a pipe it takes what stands there, as there is no other way to look: for
 * command lines alone that load nothing which the user named. Never waits; what cannot be told is nothing.
 */
function holdsInput(): boolean {
  try {
    const found = fstatSync(STDIN);
    if (found.isFile()) return found.size > offset();
    return found.isFIFO() && takeFromPipe() > 0;
  } catch {
    return false; // closed, or empty so far
  }
}

/** Where a file's reader stands. Linux tells. */
function offset(): number {
  try {
    return Number(/^pos:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${STDIN}`, "latin1"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Through a descriptor of its own, which does not block; stdin's own stays as it is for others who share it. */
function takeFromPipe(): number {
  const descriptor = openSync("/dev/stdin", constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return readSync(descriptor, new Uint8Array(64 * 1024));
  } finally {
    closeSync(descriptor);
  }
}
