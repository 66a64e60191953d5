// Garbage collection on demand.

import { collectGarbage } from "../../lib/record/collect_garbage.ts";

/** JavaScriptCore takes what looks like a pointer on the stack for one, so a few objects may outlive their last use. */
export const COLLECTS_ALL: boolean = !("Bun" in globalThis);

/** Collects, and lets finalizers run, until a condition holds: true; or for five seconds: false. */
export async function collectUntil(condition: () => boolean): Promise<boolean> {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await collectRounds(1);
  }
  return true;
}

/** Collects a number of times, with the event loop turning in between. */
export async function collectRounds(rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5)); // what was looked at through a WeakRef lives until then
    collectGarbage();
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
