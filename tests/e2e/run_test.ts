import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import test from "node:test";
import { currentRuntime } from "../../cli/process/runtimes.ts";
import { parseResult } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import { Cli, inFolder, loadgen } from "../support/cli.ts";

/** The result of a run that prints nothing but its result on stdout. */
async function resultOf(args: readonly string[], code = 0): Promise<Result> {
  const finished = await loadgen([...args, "--json"]);
  assert.equal(finished.code, code, finished.stderr);
  return parseResult(finished.stdout, "stdout");
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("run: without a URL an embedded target answers, and every request adds up", async () => {
  const { requests, outcome, connections, runtime, bytes } = await resultOf(["-r", "100", "-n", "50"]);
  assert.equal(outcome, "completed");
  assert.deepEqual([requests.offered, requests.completed, requests.failed, requests.unsent], [50, 50, 0, 0]);
  assert.deepEqual(requests.byStatus, { "200": 50 });
  // More, where a dial landed after its request had gone out on another connection.
  assert.ok(connections.dialed + connections.reused >= 50);
  assert.ok(bytes.received > 50 * 1024);
  assert.equal(runtime.name, currentRuntime());
});

test("run: the report goes to stdout, the plan first, and without colour into a pipe", async () => {
  const { code, stdout, stderr } = await loadgen(["-r", "50", "-n", "10"], { env: { NO_COLOR: "", COLUMNS: "" } });
  assert.equal(code, 0);
  assert.equal(stderr, "");
  assert.match(
    stdout,
    /^50 rps in all, 10 requests, up to ∞ connections, bodies read to their end\nto an embedded target/,
  );
  assert.match(stdout, /10 completed/);
  assert.ok(!stdout.includes("\x1b"));
  assert.deepEqual(stdout.split("\n").filter((line) => line.length > 80), []);
});

test("run: FORCE_COLOR colours a pipe too", async () => {
  const { stdout } = await loadgen(["-n", "5", "-c", "1"], { env: { FORCE_COLOR: "1" } });
  assert.ok(stdout.includes("\x1b["));
});

test("run: --json puts the result on stdout and the plan on stderr; -o writes the same result to its files", () =>
  inFolder(async (folder) => {
    const files = [join(folder, "a.json"), join(folder, "b.json")];
    const { code, stdout, stderr } = await loadgen(["-n5", "-c1", "--json", "-o", files[0]!, "-o", files[1]!]);
    assert.equal(code, 0);
    assert.match(stderr, /^as fast as 1 sender can, 5 requests/);
    for (const file of files) assert.equal(readFileSync(file, "utf8"), stdout);
    assert.equal(parseResult(stdout, "stdout").requests.completed, 5);
  }));

test("run: credentials are in no output", async () => {
  const args = ["-n2", "-c1", "-H", "Authorization: Bearer hunter2", "-b", "hunter2", "--json"];
  const { code, stdout, stderr } = await loadgen(args);
  assert.equal(code, 0);
  assert.ok(!stdout.includes("hunter2") && !stderr.includes("hunter2"));
});

test("run: a refused connection is no crash: each request counts as dial/ECONNREFUSED", async () => {
  const url = `http://127.0.0.1:${await closedPort()}/`;
  const { requests, outcome } = await resultOf(["--url", url, "-r", "50", "-n", "20"], 4);
  assert.equal(outcome, "completed");
  assert.deepEqual(requests.byError, { "dial/ECONNREFUSED": 20 });
  assert.deepEqual([requests.offered, requests.failed], [20, 20]);
});

test("run: a reader that goes away costs one line and exit code 1", async () => {
  const cli = new Cli(["-r", "50", "-d", "1s"]);
  await cli.printed(/embedded target/);
  cli.child.stdout!.destroy();
  const { code, stderr } = await cli.finished;
  assert.equal(stderr, "loadgen: stdout: cannot be written (EPIPE)\n");
  assert.equal(code, 1);
});

test("run: a scenario comes from stdin as well", async () => {
  const stdin = JSON.stringify({ name: "piped", load: { requests: 3, connections: 1 } });
  const { code, stdout } = await loadgen(["run", "-", "--json"], { stdin });
  assert.equal(code, 0);
  const result = parseResult(stdout, "stdout");
  assert.equal(result.plan.name, "piped");
  assert.equal(result.requests.completed, 3);
});

test("run: a scenario file's fields are overridden by flags", () =>
  inFolder(async (folder) => {
    const file = join(folder, "mine.json");
    writeFileSync(file, JSON.stringify({ load: { rps: 1, duration: "1h" }, request: { bodyPolicy: "hold" } }));
    const { requests, connections } = await resultOf([file, "-r", "100", "-n", "10"]);
    assert.equal(requests.completed, 10);
    assert.equal(connections.live.end, 10);
  }));

test("scenarios: close keeps a handful of connections", async () => {
  const { requests, connections } = await resultOf(["run", "close", "-d", "1s"]);
  assert.deepEqual(requests.byStatus, { "200": 300 });
  assert.ok(connections.dialed < 150, `${connections.dialed} dials`);
});

test("scenarios: no-close holds a connection for each request, and is found to leak", async () => {
  const { requests, connections, leak } = await resultOf(["run", "no-close", "-d", "2s"]);
  assert.equal(requests.completed, 600);
  assert.equal(connections.live.end, 600);
  assert.equal(leak.verdict, "leaking");
});

test("scenarios: early-close costs the connection, and holds none", async () => {
  const { requests, connections } = await resultOf(["run", "early-close", "-d", "1s"]);
  assert.equal(requests.completed, 200);
  assert.equal(connections.dialed, 200);
  assert.ok(connections.live.end < 100, `${connections.live.end} live`);
});

test("scenarios: pool-exhausted serves as many requests as it has connections, and the rest wait", async () => {
  const { requests, connections } = await resultOf(["run", "pool-exhausted", "-d", "1s"]);
  assert.deepEqual([requests.offered, requests.completed, connections.live.end], [100, 50, 50]);
  assert.equal(requests.unsent + requests.inFlight, 50);
});
