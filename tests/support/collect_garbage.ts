// Garbage collection on demand. Node and Deno need --expose-gc, which the test command gives them.

interface Collector {
  readonly gc?: () => void;
  readonly Bun?: { gc(force: boolean): void };
}

function collect(): void {
  const { gc, Bun } = globalThis as Collector;
  if (Bun !== undefined) Bun.gc(true);
  else if (gc !== undefined) gc();
  else throw new Error("run with --expose-gc");
}

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
    collect();
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
