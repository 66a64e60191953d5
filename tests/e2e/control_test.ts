import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { Cli } from "../support/cli.ts";

/** A client of the control socket: a line out, a line back. */
class Remote {
  readonly #socket: Socket;
  readonly #answers: AsyncIterator<string>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  static async connect(path: string): Promise<Remote> {
    for (;;) {
      const socket = await new Promise<Socket | undefined>((resolve) => {
        const probe = createConnection(path).on("connect", () => resolve(probe)).on("error", () => resolve(undefined));
      });
      if (socket !== undefined) return new Remote(socket);
      await passed(50);
    }
  }

  async tell(command: string): Promise<string> {
    this.#socket.write(`${command}\n`);
    return (await this.#answers.next()).value ?? "";
  }

  close(): void {
    this.#socket.destroy();
  }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function socketPath(): { path: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "loadgen-control-"));
  return {
    path: join(folder, "control.sock"),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

test("control: bodies held and closed again move the live connections by one per request and by none", async () => {
  using where = socketPath();
  const cli = new Cli(["-r", "100", "-d", "1m", "--control", where.path, "--json"]);
  await cli.printed(/embedded target/);
  const remote = await Remote.connect(where.path);
  assert.equal(statSync(where.path).mode & 0o777, 0o600);
  await passed(2_500);
  assert.equal(await remote.tell("hold"), "ok: bodies held");
  await passed(3_000);
  assert.equal(await remote.tell("close"), "ok: bodies read");
  await passed(3_000);
  assert.equal(await remote.tell("quit"), "ok: quitting");
  remote.close();
  const { code, stdout } = await cli.finished;
  assert.equal(code, 3);
  const { series, outcome, outcomeReason, requests } = parseResult(stdout, "stdout");
  assert.deepEqual([outcome, outcomeReason], ["stopped", "it was told to quit"]);
  assert.equal(requests.offered, requests.completed + requests.failed + requests.inFlight + requests.unsent);
  const held = series.findIndex(({ changes }) => changes?.includes("bodies held"));
  const closed = series.findIndex(({ changes }) => changes?.includes("bodies read"));
  assert.ok(held >= 1 && closed >= held + 2, JSON.stringify(series.map(({ changes }) => changes)));
  // of whole seconds between the changes: new connections per request of that second
  const slope = (second: number) => (series[second]!.live - series[second - 1]!.live) / series[second]!.completed;
  for (let second = 1; second < held; second++) assert.ok(slope(second) < 0.5, `${slope(second)} in second ${second}`);
  for (let second = held + 1; second < closed; second++) {
    assert.ok(Math.abs(slope(second) - 1) < 0.15, `${slope(second)} in second ${second}`);
  }
  for (let second = closed + 1; second < series.length - 1; second++) {
    assert.ok(Math.abs(slope(second)) < 0.1, `${slope(second)} in second ${second}`);
  }
  assert.ok(!existsSync(where.path), "the socket is gone with the run");
});

test("control: rate, pause and resume change what is due, and a wrong word changes nothing", async () => {
  using where = socketPath();
  const cli = new Cli(["-r", "50", "-d", "1m", "--control", where.path, "--json"]);
  await cli.printed(/embedded target/);
  const remote = await Remote.connect(where.path);
  assert.match(await remote.tell("status"), /^ok: rate 50\/s; bodies not held; \d+ offered/);
  assert.match(await remote.tell("faster"), /^error: expected rate N/);
  assert.equal(await remote.tell("rate 200"), "ok: rate 200/s");
  assert.equal(await remote.tell("rate +50%"), "ok: rate 300/s");
  await passed(2_200);
  assert.equal(await remote.tell("pause"), "ok: paused");
  const offered = async () => Number(/(\d+) offered/.exec(await remote.tell("status"))![1]);
  await passed(200); // what fell due before the pause is sent
  const atPause = await offered();
  await passed(1_500);
  assert.equal(await offered(), atPause);
  assert.equal(await remote.tell("resume"), "ok: resumed");
  await passed(1_000);
  assert.ok(await offered() > atPause);
  await remote.tell("quit");
  remote.close();
  const { series } = parseResult((await cli.finished).stdout, "stdout");
  assert.ok(series.some((line) => line.offered >= 250), JSON.stringify(series.map((line) => line.offered)));
  const changes = series.flatMap((line) => line.changes ?? []);
  assert.deepEqual(changes, ["rate 200/s", "rate 300/s", "paused", "resumed"]);
});

test("control: a closed loop rests while it is paused", async () => {
  using where = socketPath();
  const cli = new Cli(["-c", "4", "-d", "1m", "--control", where.path, "--json"]);
  await cli.printed(/embedded target/);
  const remote = await Remote.connect(where.path);
  assert.match(await remote.tell("rate 5"), /closed loop has no rate/);
  await remote.tell("pause");
  await passed(500);
  const offered = async () => Number(/(\d+) offered/.exec(await remote.tell("status"))![1]);
  const atPause = await offered();
  await passed(500);
  assert.equal(await offered(), atPause);
  await remote.tell("resume");
  await passed(500);
  assert.ok(await offered() > atPause);
  await remote.tell("quit");
  remote.close();
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
      [["-", "--control", "-"], /--control: expected a socket's path: stdin is the scenario's/],
    ] as const
  ) {
    const { code, stderr } = await new Cli(["-r", "1", "-d", "1s", ...args]).finished;
    assert.equal(code, 2);
    assert.match(stderr, problem);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});
