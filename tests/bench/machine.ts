import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, release } from "node:os";
import { findOnPath, packageRoot } from "../../cli/process/runtimes.ts";

/** Where a record was made. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly kernel: string;
}

export function thisMachine(): Machine {
  return { cpu: cpus()[0]?.model ?? "", cores: availableParallelism(), kernel: release() };
}

/** Which cores the server and the client get; undefined: any. */
export interface Cores {
  readonly server: string | undefined;
  readonly client: string | undefined;
}

/** One each, where there are two and `taskset` can pin to them. */
export function ownCores(): Cores {
  const several = availableParallelism() > 1 && findOnPath("taskset") !== undefined;
  return several ? { server: "0", client: "1" } : { server: undefined, client: undefined };
}

/** The commit of the work tree, with a plus sign where what is measured has changed since. */
export function commitOfTree(): string {
  const git = (...words: string[]) => execFileSync("git", words, { cwd: packageRoot, encoding: "utf8" }).trim();
  try {
    const changed = git("status", "--porcelain", "--untracked-files=no", "--", "lib", "cli") !== "";
    return git("rev-parse", "--short=10", "HEAD") + (changed ? "+" : "");
  } catch {
    return ""; // not a clone
  }
}
