// Where the three runtimes are found, and how each one starts this program.

import { accessSync, closeSync, constants, openSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The runtimes that loadgen runs on. */
export const RUNTIMES = ["node", "deno", "bun"] as const;

export type RuntimeName = (typeof RUNTIMES)[number];

/** Narrows a word from the command line to a runtime's name. */
export function isRuntimeName(word: string): word is RuntimeName {
  return (RUNTIMES as readonly string[]).includes(word);
}

/** The runtime that runs this very process. */
export function currentRuntime(): RuntimeName {
  const versions = process.versions as Record<string, string | undefined>;
  if (versions["bun"] !== undefined) return "bun";
  if (versions["deno"] !== undefined) return "deno";
  return "node";
}

const require = createRequire(import.meta.url);

/** The folder of an installed package, or undefined. */
function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/** npm's `deno` and `bun` put a small text in the binary's place until their install script has run: only a real one counts. */
function isBinary(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    const file = openSync(path, "r");
    const magic = new Uint8Array(2);
    readSync(file, magic, 0, 2, 0);
    closeSync(file);
    const script = magic[0] === 0x23 && magic[1] === 0x21; // "#!"
    return !script && magic[0]! !== 0x65; // "e": the placeholder begins with "echo"
  } catch {
    return false;
  }
}

export function findOnPath(name: string): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const suffix of process.platform === "win32" ? [".exe", ".cmd", ""] : [""]) {
      const path = join(folder, name + suffix);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // not in this folder
      }
    }
  }
  return undefined;
}

/** The environment variable that names another executable for a runtime: LOADGEN_NODE, LOADGEN_DENO, LOADGEN_BUN. */
function chosenExecutable(name: RuntimeName): string | undefined {
  const path = process.env[`LOADGEN_${name.toUpperCase()}`];
  return path === undefined || path === "" ? undefined : path;
}

/**
 * The executable of a runtime: the one named by LOADGEN_<NAME>, else this process's own, else that of an installed npm
 * package (not npm's `.bin/deno`, a wrapper that leaves deno behind when it is killed), else the one on PATH.
 */
export function findRuntime(name: RuntimeName): string | undefined {
  const chosen = chosenExecutable(name);
  if (chosen !== undefined) return chosen;
  if (name === currentRuntime()) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const candidates: (string | undefined)[] = [];
  if (name === "deno") {
    for (const target of [`${platform}-glibc`, platform]) {
      const folder = packageFolder(`@deno/${target}`);
      if (folder !== undefined) candidates.push(join(folder, "deno"), join(folder, "deno.exe"));
    }
  } else if (name === "bun") {
    for (const target of [platform, `${platform}-musl`]) {
      const folder = packageFolder(`@oven/bun-${target.replace("win32", "windows")}`);
      if (folder !== undefined) candidates.push(join(folder, "bin", "bun"), join(folder, "bin", "bun.exe"));
    }
    const moved = packageFolder("bun"); // its install script moves the binary here
    if (moved !== undefined) candidates.push(join(moved, "bin", "bun.exe"));
  }
  for (const path of candidates) if (path !== undefined && isBinary(path)) return path;
  return findOnPath(name);
}

/** True where this file runs from the TypeScript sources, false where it runs from `dist/`. */
const fromSources = import.meta.url.endsWith(".ts");

/** The folder that holds package.json, scenarios and, once built, dist. */
export const packageRoot: string = fileURLToPath(new URL(fromSources ? "../.." : "../../..", import.meta.url));

/** Deno and Bun run the sources where there are any (an installed package has only dist); Node runs what was built. */
function mainModule(name: RuntimeName): string {
  const built = join(packageRoot, "dist", "cli", "main.js");
  if (name === "node") return built;
  const source = join(packageRoot, "cli", "main.ts");
  try {
    accessSync(source);
    return source;
  } catch {
    return built;
  }
}

/** The words that start loadgen with these arguments under a runtime: `[executable, ...arguments]`. */
export function selfCommand(name: RuntimeName, executable: string, args: readonly string[]): string[] {
  const main = mainModule(name);
  if (name === "deno") return [executable, "run", "-A", "--no-check", "--quiet", main, ...args];
  return [executable, main, ...args];
}
