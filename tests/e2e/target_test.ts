// The embedded target in this process, spoken to byte by byte.

import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import test from "node:test";
import { createTarget, type TargetCounts } from "../../cli/process/target_server.ts";
import type { TargetPlan } from "../../lib/scenario/plan.ts";
import { resolve } from "../../lib/scenario/resolve.ts";

const { target: DEFAULT } = resolve({});

interface Conversation {
  readonly response: string;
  readonly counts: TargetCounts;
}

/** Sends a text to a fresh target; what came back once the target closed, which the request has to ask for. */
async function say(text: string, plan: Partial<TargetPlan> = {}): Promise<Conversation> {
  const { server, counts } = createTarget({ ...DEFAULT, ...plan });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  let response = "";
  socket.on("data", (bytes) => response += bytes);
  socket.write(text);
  await new Promise<void>((resolve, reject) => socket.on("end", resolve).on("error", reject));
  socket.end();
  await new Promise((resolve) => server.close(resolve));
  return { response, counts };
}

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const LAST_GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

function bodiesOf(response: string): string[] {
  return response.split(/HTTP\/1\.1 200 OK\r\n/).slice(1).map((part) => part.slice(part.indexOf("\r\n\r\n") + 4));
}

test("target: requests share their connection, each with a body of the size asked for", async () => {
  const { response, counts } = await say(GET + GET + LAST_GET, { bodyBytes: 10 });
  assert.deepEqual(bodiesOf(response), ["x".repeat(10), "x".repeat(10), "x".repeat(10)]);
  assert.match(response, /content-length: 10\r\n/i);
  assert.deepEqual(counts, { connections: 1, requests: 3 });
});

test("target: a HEAD gets the head of a GET", async () => {
  const { response } = await say(LAST_GET.replace("GET", "HEAD"), { bodyBytes: 10 });
  assert.match(response, /content-length: 10\r\n/i);
  assert.deepEqual(bodiesOf(response), [""]);
});

test("target: a request's body is read and ignored, by length and chunked", async () => {
  const post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const requests =
    `${post}Content-Length: 5\r\n\r\nhello${post}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`;
  const { response } = await say(requests + LAST_GET, { bodyBytes: 1 });
  assert.deepEqual(bodiesOf(response), ["x", "x", "x"]);
});

test("target: an empty body is one", async () => {
  const { response } = await say(LAST_GET, { bodyBytes: 0 });
  assert.match(response, /content-length: 0\r\n/i);
  assert.deepEqual(bodiesOf(response), [""]);
});

test("target: chunked bodies have no length", async () => {
  const { response } = await say(LAST_GET, { bodyBytes: 10, chunked: true });
  assert.match(response, /transfer-encoding: chunked\r\n/i);
  assert.doesNotMatch(response, /content-length/i);
  assert.match(response, /\r\n\r\na\r\nx{10}\r\n0\r\n\r\n$/);
});

test("target: random sizes stay within their range, and vary", async () => {
  const { response } = await say(GET.repeat(99) + LAST_GET, { bodyBytes: 5, bodyBytesMax: 50 });
  const sizes = bodiesOf(response).map((body) => body.length);
  assert.equal(sizes.length, 100);
  assert.ok(sizes.every((size) => size >= 5 && size <= 50), `${sizes}`);
  assert.ok(new Set(sizes).size > 5, `${sizes}`);
});

test("target: a slow body arrives whole, no sooner than it was told to", async () => {
  for (const chunked of [false, true]) {
    const started = performance.now();
    const { response } = await say(LAST_GET, { bodyBytes: 1000, slowBodyMs: 200, chunked });
    assert.ok(performance.now() - started >= 190);
    assert.equal(response.slice(response.indexOf("\r\n\r\n")).match(/x/g)?.length, 1000);
  }
});

test("target: a slow body shorter than its pieces arrives too", async () => {
  assert.deepEqual(bodiesOf((await say(LAST_GET, { bodyBytes: 3, slowBodyMs: 20 })).response), ["xxx"]);
  assert.deepEqual(bodiesOf((await say(LAST_GET, { bodyBytes: 0, slowBodyMs: 20 })).response), [""]);
});

test("target: an answer waits for its latency", async () => {
  const started = performance.now();
  await say(LAST_GET, { latencyMs: 150 });
  assert.ok(performance.now() - started >= 140);
});
