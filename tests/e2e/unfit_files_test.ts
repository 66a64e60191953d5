// Files that have no end, no writer or no bytes: each is refused in one line, soon, and in little memory.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { inFolder, loadgen } from "../support/cli.ts";

/** Flags that take a file, with what their file has to be in before it is looked into. */
const FLAGS = ["--body-file", "--cacert", "--timestamps"];

/** Only where /dev/zero is what it is on Linux. */
const testOnLinux = process.platform === "linux" ? test : () => {};

async function refuses(args: readonly string[], line: string, shell?: string): Promise<void> {
  const { code, stderr } = await loadgen([...args, "--dry-run"], shell === undefined ? {} : { shell });
  assert.deepEqual([code, stderr], [2, `loadgen: ${line}\n`]);
}

testOnLinux("unfit files: a device without an end", async () => {
  for (const flag of FLAGS) await refuses([flag, "/dev/zero"], `${flag}: expected at most 1 MiB, got "/dev/zero"`);
  await refuses(["run", "/dev/zero"], '/dev/zero: expected at most 1 MiB, got "/dev/zero"');
  await refuses(
    ["--baseline", "/dev/zero"],
    "/dev/zero: expected a result (loadgen/result@1) or the journal of a run, at most 1 MiB",
  );
  await refuses(["run", "-"], "stdin: expected a scenario of at most 16 MiB", '"$@" < /dev/zero');
});

testOnLinux(
  "unfit files: a pipe that never ends",
  () => refuses(["--body-file", "/dev/stdin"], '--body-file: expected at most 256 MiB, got "/dev/stdin"', 'yes | "$@"'),
);

test("unfit files: a folder", () =>
  inFolder(async (folder) => {
    for (const flag of FLAGS) await refuses([flag, folder], `${flag}: expected a file, not a folder, got "${folder}"`);
    const [file, rows] = [join(folder, "mine.json"), join(folder, "rows.csv")];
    mkdirSync(rows);
    writeFileSync(file, '{ "feeders": [{ "file": "rows.csv" }] }');
    await refuses([file], `${file}: feeders[0].file: expected a file, not a folder, got "${rows}"`);
  }));

testOnLinux("unfit files: a named pipe to which nobody writes", () =>
  inFolder(async (folder) => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    await refuses(
      ["--body-file", pipe],
      `--body-file: expected a pipe to which somebody writes within 5 s, got "${pipe}"`,
    );
  }));

testOnLinux("unfit files: a slow writer is waited for, and an empty pipe is empty", async () => {
  for (const shell of ['(sleep 1; echo hello) | "$@"', 'true | "$@"', '"$@" < /dev/null']) {
    const { code, stderr } = await loadgen(["--body-file", "/dev/stdin", "--dry-run"], { shell });
    assert.deepEqual([code, stderr], [0, ""], shell);
  }
});
