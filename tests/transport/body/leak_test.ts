import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { decodeLatin1 } from "../../../lib/core/bytes.ts";
import type { LeakReport } from "../../../lib/transport/body/leak_watch.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { lineHere, lineOf } from "../../support/caller_line.ts";
import { collectRounds, COLLECTS_ALL, collectUntil } from "../../support/collect_garbage.ts";
import { ok, ScriptedServer } from "../../support/scripted_server.ts";

/** Dropped at once, so that a collector that keeps one by mistake does not keep all. */
const DROPPED = 12;
const REPORTED = COLLECTS_ALL ? DROPPED : DROPPED / 2;

/** A body that does not end by itself; behind /gzip one that is compressed. */
function start(): Promise<ScriptedServer> {
  const gzip = decodeLatin1(gzipSync("x".repeat(1000)));
  return ScriptedServer.start(({ head, socket }) => {
    if (head.includes(" /gzip")) {
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${gzip.length}\r\n\r\n${gzip}`,
        "latin1",
      );
    } else if (head.includes(" /whole")) {
      socket.write(ok("whole"));
    } else if (head.includes(" /none")) {
      socket.write("HTTP/1.1 204 No Content\r\n\r\n");
    } else {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome");
      if (head.includes(" /broken")) setTimeout(() => socket.destroy(), 20);
    }
  });
}

/** Makes requests whose responses nobody keeps. */
async function drop(transport: Transport, url: string, method = "GET"): Promise<void> {
  for (let i = 0; i < DROPPED; i++) await transport.roundTrip({ url: `${url}?${i}`, method });
}

test("leak: a body dropped unread is reported once, with its request and age", async () => {
  await using server = await start();
  const reports: LeakReport[] = [];
  await using transport = new Transport({ onLeak: (report) => reports.push(report) });
  await drop(transport, server.url, "POST");
  assert.ok(await collectUntil(() => reports.length >= REPORTED), `${reports.length} reports`);
  await collectRounds(5);
  assert.ok(reports.length <= DROPPED);
  assert.equal(new Set(reports.map(({ url }) => url)).size, reports.length, "one was reported twice");
  for (const { method, url, status, ageMs, reclaimed } of reports) {
    assert.deepEqual({ method, status, reclaimed }, { method: "POST", status: 200, reclaimed: false });
    assert.match(url.replace(server.url, ""), /^\?\d+$/);
    assert.ok(ageMs >= 0);
  }
});

test("leak: the stack begins at the line that called roundTrip", async () => {
  await using server = await start();
  const reports: LeakReport[] = [];
  await using transport = new Transport({ onLeak: (report) => reports.push(report) });
  let line = 0;
  const dropHere = async (): Promise<void> => {
    for (let i = 0; i < DROPPED; i++) {
      line = lineHere() + 1;
      await transport.roundTrip({ url: server.url });
    }
  };
  await dropHere();
  assert.ok(await collectUntil(() => reports.length >= REPORTED), `${reports.length} reports`);
  for (const { stack } of reports) assert.equal(lineOf(stack.split("\n")[0]), line, stack);
});

test("leak: behind a function of the caller's own, the stack names both lines", async () => {
  await using server = await start();
  const reports: LeakReport[] = [];
  await using transport = new Transport({ onLeak: (report) => reports.push(report) });
  let inner = 0;
  const statusOf = async (url: string): Promise<number> => {
    inner = lineHere() + 1;
    const response = await transport.roundTrip({ url });
    return response.status;
  };
  let outer = 0;
  const dropHere = async (): Promise<void> => {
    for (let i = 0; i < DROPPED; i++) {
      outer = lineHere() + 1;
      const status = await statusOf(server.url);
      assert.equal(status, 200);
    }
  };
  await dropHere();
  assert.ok(await collectUntil(() => reports.length >= REPORTED), `${reports.length} reports`);
  for (const { stack } of reports) {
    const [first, second] = stack.split("\n");
    assert.deepEqual([lineOf(first), lineOf(second)], [inner, outer], stack);
  }
});

test("leak: what was read, closed, cancelled or broken, is being read or is still held, is none", async () => {
  await using server = await start();
  const reports: LeakReport[] = [];
  await using transport = new Transport({ onLeak: (report) => reports.push(report) });
  const get = (path: string, signal?: AbortSignal) => transport.roundTrip({ url: server.url + path, signal });
  const held = await get("held");
  const good = async (): Promise<void> => {
    await (await get("whole")).body.text();
    await get("none");
    (await get("closed")).body.close();
    const cancel = new AbortController();
    await get("cancelled", cancel.signal);
    cancel.abort();
    await assert.rejects((await get("broken")).body.text());
    const pending = (await get("pending")).body;
    await pending.read();
    pending.read().catch(() => {});
  };
  await good();
  await drop(transport, `${server.url}dropped`);
  assert.ok(await collectUntil(() => reports.length >= REPORTED), `${reports.length} reports`);
  await collectRounds(10);
  assert.deepEqual(reports.map(({ url }) => url).filter((url) => !url.includes("/dropped?")), []);
  assert.equal(held.status, 200);
  held.body.close();
});

test("leak: a gzip body dropped unread is reported", async () => {
  await using server = await start();
  const reports: LeakReport[] = [];
  await using transport = new Transport({ onLeak: (report) => reports.push(report) });
  await drop(transport, `${server.url}gzip`);
  assert.ok(await collectUntil(() => reports.length >= REPORTED), `${reports.length} reports`);
});

test("leak: without reclaimLeaks a dropped body's connection stays held, with it the connection closes", async () => {
  await using server = await start();
  for (const reclaimLeaks of [false, true]) {
    const reports: LeakReport[] = [];
    await using transport = new Transport({ onLeak: (report) => reports.push(report), reclaimLeaks });
    await drop(transport, server.url);
    assert.ok(await collectUntil(() => reports.length >= REPORTED), `${reports.length} reports`);
    const { inUse, totals } = transport.census();
    assert.ok(reports.every(({ reclaimed }) => reclaimed === reclaimLeaks));
    assert.equal(inUse, reclaimLeaks ? DROPPED - reports.length : DROPPED);
    assert.deepEqual(totals.closed, reclaimLeaks ? { leaked: reports.length } : {});
  }
});

test("leak: a connection reclaimed goes to whoever waits for its slot", async () => {
  await using server = await start();
  await using transport = new Transport({ onLeak: () => {}, reclaimLeaks: true, maxConnsPerHost: DROPPED });
  await drop(transport, server.url);
  let served = false;
  const next = transport.roundTrip({ url: `${server.url}whole` }).then(({ body }) => body.text());
  next.finally(() => served = true);
  assert.ok(await collectUntil(() => served), "the request waits for ever");
  assert.equal(await next, "whole");
});

test("leak: without onLeak nothing is registered and no stack is taken", async () => {
  await using server = await start();
  const { FinalizationRegistry } = globalThis;
  const { captureStackTrace } = Error;
  let registries = 0;
  let stacks = 0;
  await using watching = new Transport({ onLeak: () => {} });
  await using transport = new Transport();
  try {
    globalThis.FinalizationRegistry = class<T> extends FinalizationRegistry<T> {
      constructor(cleanup: (held: T) => void) {
        super(cleanup);
        registries += 1;
      }
    };
    Error.captureStackTrace = (target, entry) => {
      if (entry === transport.roundTrip) stacks += 1;
      captureStackTrace(target, entry);
    };
    await using quiet = new Transport();
    (await quiet.roundTrip({ url: server.url })).body.close();
    (await transport.roundTrip({ url: server.url })).body.close();
    assert.deepEqual({ registries, stacks }, { registries: 0, stacks: 0 });
    await using loud = new Transport({ onLeak: () => {} });
    (await loud.roundTrip({ url: server.url })).body.close();
    assert.deepEqual({ registries, stacks }, { registries: 1, stacks: 1 });
  } finally {
    globalThis.FinalizationRegistry = FinalizationRegistry;
    Error.captureStackTrace = captureStackTrace;
  }
  assert.deepEqual([watching.capturesCallers, transport.capturesCallers], [true, false]);
});

test("leak: a report shows no password", async () => {
  await using server = await start();
  const reports: LeakReport[] = [];
  await using transport = new Transport({ onLeak: (report) => reports.push(report) });
  await drop(transport, server.url.replace("//", "//user:secret@"));
  assert.ok(await collectUntil(() => reports.length >= REPORTED), `${reports.length} reports`);
  for (const report of reports) {
    assert.doesNotMatch(JSON.stringify(report), /secret/);
    assert.match(report.url, /^http:\/\/\*\*\*@127\.0\.0\.1:/);
  }
});
