import { readdirSync, readFileSync } from "node:fs";

/** How many descriptors a process may open, and how many it has open. */
export interface DescriptorLimit {
  /** The soft limit, which the runtimes raise to the hard one as they start. */
  readonly limit: number;
  readonly open: number;
}

/** Reads the limit from /proc; undefined if there is none (not Linux, or unlimited). */
export function descriptorLimit(): DescriptorLimit | undefined {
  try {
    const match = readFileSync("/proc/self/limits", "utf8").match(/^Max open files\s+(\d+)/m);
    if (match === null) return undefined;
    return { limit: Number(match[1]), open: readdirSync("/proc/self/fd").length };
  } catch {
    return undefined;
  }
}
