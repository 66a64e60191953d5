// Where stdout and stderr cannot be written: the same words and exit codes on each runtime.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { Cli, inFolder, loadgen } from "../support/cli.ts";
import { ok, ScriptedServer, until } from "../support/scripted_server.ts";

const answering = (): Promise<ScriptedServer> => ScriptedServer.start(({ socket }) => socket.write(ok("x")));

const FULL = "loadgen: stdout: cannot be written (ENOSPC)\n";

/** Prints the exit code on stderr, past whatever reads stdout. */
const STATUS = '{ "$@"; echo "code $?" >&2; }';

/** Only Linux has a device that is full: elsewhere there is no such test, rather than one that passes unseen. */
const testOnLinux = process.platform === "linux" ? test : () => {};

testOnLinux("output: a result that a full disk does not take costs one line and exit code 1", async () => {
  await using server = await answering();
  const { code, stderr } = await loadgen([server.url, "-r", "50", "-n", "5", "--json"], { shell: '"$@" > /dev/full' });
  assert.equal(code, 1);
  assert.ok(stderr.endsWith(`\n${FULL}`), stderr);
  assert.doesNotMatch(stderr, /^ +at /m);
});

testOnLinux("output: no load is sent for a report that cannot be printed", async () => {
  await using server = await answering();
  const { code, stderr } = await loadgen([server.url, "-r", "50", "-d", "1h"], { shell: '"$@" > /dev/full' });
  assert.deepEqual([code, stderr, server.dials], [1, FULL, 0]);
});

testOnLinux("output: a help, a list and completions that cannot be printed fail as well", async () => {
  for (const args of [["--help"], ["--list"], ["completions", "bash"]]) {
    const { code, stderr } = await loadgen(args, { shell: '"$@" > /dev/full' });
    assert.deepEqual([code, stderr], [1, FULL], args.join(" "));
  }
});

testOnLinux("output: a full stderr changes no verdict", async () => {
  await using server = await answering();
  const { code, stdout } = await loadgen([server.url, "-r", "50", "-n", "5"], { shell: '"$@" 2> /dev/full' });
  assert.equal(code, 0);
  assert.match(stdout, /5 completed/);
  const wrong = await loadgen(["--nope"], { shell: '"$@" 2> /dev/full' });
  assert.equal(wrong.code, 2);
});

test("output: what -o asked for is written although the reader of stdout has seen enough", () =>
  inFolder(async (folder) => {
    await using server = await answering();
    const json = join(folder, "run.json");
    const { stdout, stderr } = await loadgen([server.url, "-r", "50", "-n", "20", "-o", json], {
      shell: `${STATUS} | head -1`,
    });
    assert.equal(stdout.trimEnd().split("\n").length, 1);
    assert.equal(stderr, "loadgen: stdout: cannot be written (EPIPE)\ncode 1\n");
    assert.equal(parseResult(readFileSync(json, "utf8"), json).requests.completed, 20);
    assert.ok(!existsSync(`${json}.journal`));
  }));

test("output: a result whose reader is gone costs one line and exit code 1", async () => {
  await using server = await answering();
  const { stderr } = await loadgen([server.url, "-r", "50", "-n", "20", "--json"], { shell: `${STATUS} | true` });
  assert.match(stderr, /^.*\n.*\nloadgen: stdout: cannot be written \(EPIPE\)\ncode 1\n$/);
});

test("output: a long output waits for a slow reader", async () => {
  const { stdout } = await loadgen(["--help"], { shell: '"$@" | (sleep 1; cat)' });
  assert.equal(stdout, (await loadgen(["--help"])).stdout);
});

testOnLinux(
  "output: a signal to the whole group leaves the embedded target to its run",
  () =>
    inFolder(async (folder) => {
      const json = join(folder, "run.json");
      const cli = new Cli(["-r", "50", "-d", "1h", "-o", json, "--json"], { shell: 'setsid "$@" & echo $!; wait $!' });
      await until(() => existsSync(`${json}.journal`), "it runs");
      const [, pid] = await cli.printed(/^(\d+)$/m);
      process.kill(-Number(pid), "SIGTERM");
      await cli.finished;
      const { outcome, requests } = parseResult(readFileSync(json, "utf8"), json);
      assert.deepEqual([outcome, requests.failed], ["interrupted", 0]);
    }),
);
