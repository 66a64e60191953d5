import { readFileSync } from "node:fs";
import { openDescriptors } from "./open_descriptors.ts";

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
    const open = openDescriptors();
    return match === null || open === undefined ? undefined : { limit: Number(match[1]), open };
  } catch {
    return undefined;
  }
}
