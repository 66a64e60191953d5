import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { Cli, inFolder } from "../support/cli.ts";
import { columnsOf } from "../support/comparison.ts";
import { ok, ScriptedServer, until } from "../support/scripted_server.ts";

const answering = (): Promise<ScriptedServer> => ScriptedServer.start(({ socket }) => socket.write(ok("x")));

/** Starts a run that would last for ever, and waits for an answer: the second request that a connection carries. */
async function running(server: ScriptedServer, ...before: string[]): Promise<Cli> {
  const cli = new Cli([...before, server.url, "-r", "50", "-d", "1h", "--json"]);
  await until(() => server.heads.length > server.dials, "it is answered");
  return cli;
}

/** The same against an embedded target; waits until it runs. */
async function runningOwnTarget(folder: string): Promise<Cli> {
  const json = join(folder, "run.json");
  const cli = new Cli(["-r", "50", "-d", "1h", "-o", json, "--json"]);
  await until(() => existsSync(`${json}.journal`), "it runs");
  return cli;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  test(`interrupt: ${signal} ends the run with its report and exit code 130`, async () => {
    await using server = await answering();
    const cli = await running(server);
    cli.signal(signal);
    const { code, stdout } = await cli.finished;
    assert.equal(code, 130);
    const { outcome, requests } = parseResult(stdout, "stdout");
    assert.equal(outcome, "interrupted");
    assert.ok(requests.completed > 0);
    const { offered, completed, failed, inFlight, unsent } = requests;
    assert.equal(offered, completed + failed + inFlight + unsent);
  });
}

test("interrupt: what is in flight is not awaited, and the run says that it was cut", async () => {
  await using silent = await ScriptedServer.start(() => {});
  const cli = new Cli([silent.url, "-r", "20", "-n", "10", "-t", "0", "--grace", "1h"]);
  await until(() => silent.heads.length === 10, "all are sent");
  cli.signal("SIGINT");
  const { code, stdout } = await cli.finished;
  assert.equal(code, 130);
  assert.match(stdout, /^ *The run was interrupted\.$/m);
  assert.match(stdout, /^ *censored +10 /m);
});

test("interrupt: the second signal ends it at once, without a report", () =>
  inFolder(async (folder) => {
    const cli = await runningOwnTarget(folder); // which takes a moment to end
    cli.signal("SIGSTOP"); // so that it hears of both at once
    cli.signal("SIGINT");
    cli.signal("SIGTERM");
    cli.signal("SIGCONT");
    const { code, stdout } = await cli.finished;
    assert.equal(code, 130);
    assert.equal(stdout, "");
  }));

test("interrupt: a comparison stops its worker cleanly and shows what there is", async () => {
  await using server = await answering();
  const cli = await running(server, "compare", "--runtimes", "node,bun");
  cli.signal("SIGINT");
  const { code, stdout } = await cli.finished;
  assert.equal(code, 130);
  const [first, second] = columnsOf(stdout);
  assert.equal(first?.result?.outcome, "interrupted");
  assert.equal(second?.problem, "not run: interrupted");
});

test("interrupt: the target does not outlive a run that was killed", () =>
  inFolder(async (folder) => {
    const cli = await runningOwnTarget(folder);
    // The target shares its run's stderr: the pipe ends when both are gone.
    const ended = new Promise<string>((resolve) => cli.child.stderr!.on("end", () => resolve("ended")));
    const late = new Promise<string>((resolve) => setTimeout(resolve, 20_000, "still open").unref());
    cli.signal("SIGKILL");
    assert.equal(await Promise.race([ended, late]), "ended");
  }));

test("interrupt: while a run settles, it ends the wait, and the report is that of a run that was completed", async () => {
  await using server = await answering();
  const cli = new Cli([server.url, "-r", "100", "-n", "5", "--settle", "1h", "--json"]);
  await until(() => server.heads.length === 5, "all are sent");
  await new Promise((over) => setTimeout(over, 2000)); // nobody sees from outside when it begins to settle
  cli.signal("SIGINT");
  const { code, stdout } = await cli.finished;
  const { outcome, settle } = parseResult(stdout, "stdout");
  assert.deepEqual([code, outcome, settle!.inUse], [0, "completed", 0]);
  assert.ok(settle!.durationMs > 0 && settle!.durationMs < 60_000);
});
