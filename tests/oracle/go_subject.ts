// Where Go is, and how its side of the comparison is built.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { packageRoot } from "../../cli/process/runtimes.ts";

/** The x of the Go 1.x on PATH; undefined: there is none. */
export function goMinorVersion(): number | undefined {
  const { stdout, error } = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
  const minor = error === undefined ? /^go1\.(\d+)/.exec(stdout)?.[1] : undefined;
  return minor === undefined ? undefined : Number(minor);
}

/** Builds Go's subject into `folder`, without a network; gives its path. Throws with what the compiler said. */
export function buildGoSubject(folder: string): string {
  const executable = join(folder, "subject");
  const { status, stderr } = spawnSync("go", ["build", "-buildvcs=false", "-o", executable, "."], {
    cwd: join(packageRoot, "tests", "oracle"),
    encoding: "utf8",
    env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "", GOWORK: "off" },
  });
  if (status !== 0) throw new Error(`Go's side does not build: ${stderr}`);
  return executable;
}
