// A revision of the repository, laid beside the work tree and built.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { packageRoot } from "../../cli/process/runtimes.ts";

/** Disposing of it removes it. It shares the work tree's packages, unless it was locked to others. */
export class CommittedTree implements Disposable {
  readonly root: string;
  readonly commit: string;
  readonly #remove = () => {
    process.off("exit", this.#remove);
    rmSync(this.root, { recursive: true, force: true });
  };

  private constructor(root: string, commit: string) {
    this.root = root;
    this.commit = commit;
    process.on("exit", this.#remove);
  }

  /** Throws where it does not compile, or this is no clone. */
  static build(revision: string): CommittedTree {
    const here = { cwd: packageRoot, encoding: "utf8" } as const;
    const commit = execFileSync("git", ["rev-parse", "--short=10", revision], here).trim();
    const tree = new CommittedTree(mkdtempSync(join(tmpdir(), "loadgen-committed-")), commit);
    const archive = execFileSync("git", ["archive", commit], { cwd: packageRoot, maxBuffer: 1 << 28 });
    execFileSync("tar", ["-x"], { cwd: tree.root, input: archive });
    const lockOf = (root: string): string => readFileSync(join(root, "package-lock.json"), "utf8");
    if (lockOf(tree.root) === lockOf(packageRoot)) {
      symlinkSync(realpathSync(join(packageRoot, "node_modules")), join(tree.root, "node_modules"));
    } else execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: tree.root });
    execFileSync("npm", ["run", "-s", "build"], { cwd: tree.root });
    return tree;
  }

  [Symbol.dispose](): void {
    this.#remove();
  }
}
