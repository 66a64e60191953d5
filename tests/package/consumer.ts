// A project of a user's: an empty folder into which the packed package was installed by the package manager of the
// runtime that the tests run under. Everything in it comes from the tarball.

import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { currentRuntime, findOnPath, findRuntime, packageRoot } from "../../cli/process/runtimes.ts";

const run = promisify(execFile);

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class Consumer implements AsyncDisposable {
  readonly folder: string;
  /** What the installer printed. */
  readonly installed: string;

  private constructor(folder: string, installed: string) {
    this.folder = folder;
    this.installed = installed;
  }

  /** Packs and installs; the tarball is unpacked beside it, in `package`. */
  static async install(): Promise<Consumer> {
    const root = mkdtempSync(join(tmpdir(), "loadgen-package-"));
    const folder = join(root, "consumer");
    mkdirSync(folder);
    const npm = findOnPath("npm")!;
    // no script: it would build anew what the tests are running
    await run(npm, ["pack", "--ignore-scripts", "--pack-destination", root], { cwd: packageRoot });
    const tarball = join(root, readdirSync(root).find((name) => name.endsWith(".tgz"))!);
    await run("tar", ["xzf", tarball, "-C", root]);
    const [command, words] = writeProject(folder, tarball, npm);
    const { stdout, stderr } = await run(command, words, { cwd: folder });
    return new Consumer(folder, stdout + stderr);
  }

  /** The unpacked tarball. */
  get tarball(): string {
    return join(this.folder, "..", "package");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** Takes packages away that nobody may need. */
  without(...packages: string[]): void {
    for (const name of packages) rmSync(join(this.folder, "node_modules", name), { recursive: true, force: true });
  }

  /** The TypeScript compiler of this repository, on the project's files. */
  compile(options: Readonly<Record<string, unknown>>): Promise<Ended> {
    this.write("tsconfig.json", JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
    // the user's own: not a dependency of the package
    cpSync(join(packageRoot, "node_modules", "@types", "node"), this.#modules("@types/node"), { recursive: true });
    cpSync(join(packageRoot, "node_modules", "undici-types"), this.#modules("undici-types"), { recursive: true });
    return ended(findOnPath("node")!, [join(packageRoot, "node_modules", "typescript", "bin", "tsc")], this.folder);
  }

  /** Runs a script of the project's under the runtime that the tests run under. */
  runScript(file: string): Promise<Ended> {
    const words = currentRuntime() === "deno" ? ["run", "-A", "--quiet", file] : [file];
    return ended(findRuntime(currentRuntime())!, words, this.folder);
  }

  /** The installed command, under that runtime. */
  command(words: readonly string[]): Promise<Ended> {
    const main = join(this.folder, "node_modules", "loadgen", "dist", "cli", "main.js");
    const before = currentRuntime() === "deno" ? ["run", "-A", "--quiet"] : [];
    return ended(findRuntime(currentRuntime())!, [...before, main, ...words], this.folder);
  }

  [Symbol.asyncDispose](): Promise<void> {
    rmSync(join(this.folder, ".."), { recursive: true, force: true });
    return Promise.resolve();
  }

  #modules(name: string): string {
    return join(this.folder, "node_modules", name);
  }
}

/** Writes what the runtime's package manager reads, and gives the command that installs. */
function writeProject(folder: string, tarball: string, npm: string): [command: string, words: string[]] {
  const write = (file: string, value: unknown): void => writeFileSync(join(folder, file), JSON.stringify(value));
  const project = { type: "module", dependencies: { loadgen: `file:${tarball}` } };
  switch (currentRuntime()) {
    case "node":
      write("package.json", project);
      return [npm, ["install", "--no-audit", "--no-fund"]];
    case "bun":
      write("package.json", project);
      return [findRuntime("bun")!, ["install"]];
    case "deno":
      // it installs no tarball: a linked folder stands for the published package, its dependencies are installed
      write("package.json", { type: "module" });
      write("deno.json", {
        links: ["../package"],
        imports: { loadgen: "npm:loadgen", "loadgen/": "npm:/loadgen/" },
        nodeModulesDir: "auto",
      });
      return [findRuntime("deno")!, ["install"]];
  }
}

async function ended(command: string, words: readonly string[], cwd: string): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(command, [...words], {
      cwd,
      env: { ...process.env, NO_COLOR: "1" },
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    return { code: typeof code === "number" ? code : -1, stdout, stderr };
  }
}
