import { availableParallelism } from "node:os";
import process from "node:process";

/** What runs this process. */
export interface RuntimeInfo {
  readonly name: "node" | "deno" | "bun";
  readonly version: string;
  readonly os: string;
  readonly arch: string;
  readonly cpus: number;
}

/** The runtime of this very process; Deno and Bun answer Node's questions with versions of their own beside Node's. */
export function runtimeInfo(): RuntimeInfo {
  const versions = process.versions as Record<string, string | undefined>;
  const name = versions["bun"] !== undefined ? "bun" : versions["deno"] !== undefined ? "deno" : "node";
  return {
    name,
    version: versions[name] ?? process.version,
    os: process.platform,
    arch: process.arch,
    cpus: availableParallelism(),
  };
}
