import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../../cli/process/runtimes.ts";

/** Compiles a C program of this folder, and returns the path of what came out. Throws where there is no C compiler. */
export function compile(name: string, folder: string, ...flags: readonly string[]): string {
  const binary = join(folder, name);
  const source = join(packageRoot, "tests", "bench", `${name}.c`);
  execFileSync("cc", ["-O2", "-o", binary, source, ...flags]);
  return binary;
}
