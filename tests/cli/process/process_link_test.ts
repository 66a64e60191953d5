// The link to a process, with a stand-in for the process.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import test from "node:test";
import { ProcessLink } from "../../../cli/process/process_link.ts";
import type { FromHost } from "../../../lib/load/link/message.ts";

class FakeChild extends EventEmitter {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly spawnfile = "loadgen";
  readonly signals: string[] = [];

  kill(signal: string): void {
    this.signals.push(signal);
    this.emit("close", null, signal);
  }
}

function linked() {
  const child = new FakeChild();
  const heard: FromHost[] = [];
  const deaths: string[] = [];
  const link = new ProcessLink(child as unknown as ChildProcess, {
    hear: (message) => heard.push(message),
    died: (why) => deaths.push(why),
  });
  return { child, heard, deaths, link };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

test("process link: a message is a line, however the pipe cuts it", async () => {
  const { child, heard, link, deaths } = linked();
  child.stdout.write('{"kind":"loaded"}\n{"kind":"disp');
  await turn();
  child.stdout.write('atched","forMs":12}\n');
  await turn();
  assert.deepEqual(heard, [{ kind: "loaded" }, { kind: "dispatched", forMs: 12 }]);
  link.tell({ kind: "stop", ending: { outcome: "interrupted", reason: "" } });
  assert.equal(String(child.stdin.read()), '{"kind":"stop","ending":{"outcome":"interrupted","reason":""}}\n');
  const closed = link.close();
  assert.equal(String(child.stdin.read()), '{"kind":"close"}\n');
  child.stdout.write('{"kind":"closed"}\n');
  await turn();
  assert.ok(child.stdin.writableEnded, "the process ends with its stdin");
  child.emit("close", 0, null);
  await closed;
  assert.deepEqual([deaths, link.problem, child.signals], [[], undefined, []]);
});

test("process link: what ends the process is told once, with its last words", async () => {
  const ends: readonly [end: (child: FakeChild) => void, why: string][] = [
    [(child) => child.emit("close", 7, null), "it exited with code 7: it hurts"],
    [(child) => child.emit("close", null, "SIGKILL"), "SIGKILL ended it: it hurts"],
    [
      (child) => child.emit("error", Object.assign(new Error("spawn"), { code: "ENOENT" })),
      "loadgen was not found",
    ],
    [(child) => child.emit("error", new Error("no memory")), "not started: no memory"],
    [(child) => child.stdout.write("hello\n"), "it said what nobody understands: hello"],
    [(child) => child.stdout.write('{"kind":"cooled"}\n'), "its cooled: offered: expected number, received undefined"],
  ];
  for (const [end, why] of ends) {
    const { child, deaths, link } = linked();
    child.stderr.write("a warning\n\nit hurts\n\n");
    await turn();
    end(child);
    await link.gone;
    child.emit("close", 0, null);
    assert.deepEqual([deaths, link.problem], [[why], why]);
  }
});

test("process link: a process that does not leave is killed", async () => {
  const { child, deaths, link } = linked();
  await link.close();
  assert.deepEqual([child.signals, deaths], [["SIGKILL"], []]);
});
