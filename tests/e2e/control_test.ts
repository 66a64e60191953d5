import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { connect } from "node:net";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { Cli } from "../support/cli.ts";
import { Remote, SocketPath } from "../support/remote.ts";

/** Rejects if a request is offered while it looks. */
async function rests(remote: Remote): Promise<void> {
  const before = await remote.offered();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await remote.offered(), before);
}

// What each change does to a second, to the unit, is in tests/load/steered_run_test.ts, where a busy machine dials nothing.

test("control: bodies held and closed again move the live connections by one per request and by none", async () => {
  using where = new SocketPath();
  const cli = new Cli(["-r", "100", "-d", "1m", "--control", where.path, "--json"]);
  using remote = await Remote.connect(where.path);
  assert.equal(statSync(where.path).mode & 0o777, 0o600);
  await remote.untilOffered(20);
  assert.equal(await remote.tell("hold"), "ok: bodies held");
  await remote.untilOffered(await remote.offered() + 200); // a whole second lies between
  assert.equal(await remote.tell("close"), "ok: bodies read");
  await remote.untilOffered(await remote.offered() + 200);
  assert.equal(await remote.tell("quit"), "ok: quitting");
  const { code, stdout } = await cli.finished;
  assert.equal(code, 3);
  const { series, outcome, outcomeReason, requests, leak } = parseResult(stdout, "stdout");
  assert.deepEqual([outcome, outcomeReason], ["stopped", "it was told to quit"]);
  assert.equal(requests.offered, requests.completed + requests.failed + requests.inFlight + requests.unsent);
  const held = series.findIndex(({ changes }) => changes?.includes("bodies held"));
  const closed = series.findIndex(({ changes }) => changes?.includes("bodies read"));
  assert.ok(held >= 0 && closed >= held + 2, JSON.stringify(series.map(({ changes }) => changes)));
  assert.ok(series.length - 1 >= closed + 2, `${series.length} seconds`);
  // of whole seconds between the changes: new connections per request of that second
  const slope = (second: number) => (series[second]!.live - series[second - 1]!.live) / series[second]!.completed;
  for (let second = held + 1; second < closed; second++) {
    assert.ok(Math.abs(slope(second) - 1) < 0.15, `${slope(second)} in second ${second}`);
  }
  for (let second = closed + 1; second < series.length - 1; second++) {
    assert.ok(Math.abs(slope(second)) < 0.5, `${slope(second)} in second ${second}`);
  }
  // bodies held stay held when others are closed, and each is counted once
  for (let second = held + 1; second < closed; second++) {
    const { heldBodies, completed } = series[second]!;
    assert.equal(heldBodies - series[second - 1]!.heldBodies, completed, `second ${second}`);
  }
  for (const { second, heldBodies } of series) {
    if (second < held) assert.equal(heldBodies, 0);
    if (second > closed) assert.equal(heldBodies, series[closed]!.heldBodies);
  }
  assert.equal(leak.heldBodies, series.at(-1)!.heldBodies);
  assert.equal(leak.byRequest[0]!.held, leak.heldBodies);
  assert.ok(!existsSync(where.path), "the socket is gone with the run");
});

test("control: rate, pause and resume change what is due, and a wrong word changes nothing", async () => {
  using where = new SocketPath();
  const cli = new Cli(["-r", "50", "-d", "1m", "--control", where.path, "--json"]);
  using remote = await Remote.connect(where.path);
  assert.match(await remote.tell("status"), /^ok: rate 50\/s; bodies not held; \d+ offered/);
  assert.match(await remote.tell("faster"), /^error: expected rate N/);
  assert.equal(await remote.tell("rate 200"), "ok: rate 200/s");
  assert.equal(await remote.tell("rate +50%"), "ok: rate 300/s");
  await remote.untilOffered(await remote.offered() + 100);
  assert.equal(await remote.tell("pause"), "ok: paused");
  await new Promise((resolve) => setTimeout(resolve, 200)); // what fell due before the pause is sent
  await rests(remote);
  const atPause = await remote.offered();
  assert.equal(await remote.tell("resume"), "ok: resumed");
  await remote.untilOffered(atPause + 1);
  await remote.tell("quit");
  const { series } = parseResult((await cli.finished).stdout, "stdout");
  const changes = series.flatMap((line) => line.changes ?? []);
  assert.deepEqual(changes, ["rate 200/s", "rate 300/s", "paused", "resumed"]);
});

test("control: a closed loop rests while it is paused", async () => {
  using where = new SocketPath();
  const cli = new Cli(["-c", "4", "-d", "1m", "--control", where.path, "--json"]);
  using remote = await Remote.connect(where.path);
  assert.match(await remote.tell("rate 5"), /closed loop has no rate/);
  await remote.untilOffered(5);
  await remote.tell("pause");
  await rests(remote);
  const atPause = await remote.offered();
  await remote.tell("resume");
  await remote.untilOffered(atPause + 1);
  await remote.tell("quit");
  assert.equal((await cli.finished).code, 3);
});

test("control: lines on stdin", async () => {
  const cli = new Cli(["-r", "20", "-d", "1m", "--control", "-", "--json"], { stdin: "rate 40\nquit\n" });
  const { code, stdout, stderr } = await cli.finished;
  assert.equal(code, 3);
  assert.match(stderr, /ok: rate 40\/s\nok: quitting/);
  assert.equal(parseResult(stdout, "stdout").outcome, "stopped");
});

test("control: where it cannot listen is said before the first request", async () => {
  for (
    const [args, problem] of [
      [
        ["--control", "/nowhere/control.sock"],
        /^loadgen: --control: cannot listen on \/nowhere\/control\.sock: [A-Z]+/m,
      ],
      [["--control", import.meta.filename], /^loadgen: --control: expected a path that is free, got ".*"$/m],
      [["-", "--control", "-"], /--control: expected a socket's path: stdin is the scenario's/],
    ] as const
  ) {
    const { code, stderr } = await new Cli(["-r", "1", "-d", "1s", ...args]).finished;
    assert.equal(code, 2);
    assert.match(stderr, problem);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});

test("control: the socket of a run that was killed is taken over, one that is in use is not", async () => {
  using where = new SocketPath();
  const args = ["-r", "20", "-d", "1m", "--control", where.path, "--json"];
  const killed = new Cli(args);
  {
    using _remote = await Remote.connect(where.path);
    killed.signal("SIGKILL");
    await killed.finished;
  }
  assert.ok(existsSync(where.path));
  const cli = new Cli(args);
  using remote = await Remote.connect(where.path);
  const { code, stderr } = await new Cli(args).finished;
  assert.equal(code, 2);
  const problem = `expected a path on which no other process listens, got ${JSON.stringify(where.path)}`;
  assert.ok(stderr.includes(`loadgen: --control: ${problem}\n`), stderr);
  await remote.tell("quit");
  assert.equal((await cli.finished).code, 3);
});

test("control: a client that reads no answers, or whose line does not end, is dismissed; the run goes on", async () => {
  using where = new SocketPath();
  const cli = new Cli(["-r", "20", "-d", "1m", "--control", where.path, "--json"]);
  using remote = await Remote.connect(where.path);
  const deaf = connect(where.path).pause();
  deaf.on("error", () => {});
  const gone = new Promise((resolve) => deaf.on("close", resolve));
  deaf.write("status\n".repeat(200_000));
  const endless = connect(where.path);
  endless.on("error", () => {}).write("x".repeat(2000));
  const [word] = await once(endless, "data") as [Uint8Array];
  assert.equal(String(word), "error: a line has at most 1024 bytes\n");
  await remote.untilOffered(await remote.offered() + 40); // two seconds
  let heard = "";
  deaf.on("data", (bytes) => heard += bytes).resume();
  await gone;
  assert.ok(heard.split("\n").length < 10_000, "its answers were not kept for it");
  assert.match(await remote.tell("status"), /^ok: /);
  await remote.tell("quit");
  assert.equal((await cli.finished).code, 3);
});
