// Which bodies are held, and what is said of them, over each adapter of the runtime.

import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { decodeLatin1 } from "../../../lib/core/bytes.ts";
import { availableAdapters } from "../../../lib/socket/detect.ts";
import type { SocketAdapter } from "../../../lib/socket/socket.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { lineHere, lineOf } from "../../support/caller_line.ts";
import { collectRounds } from "../../support/collect_garbage.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";

const GZIP = decodeLatin1(gzipSync("x".repeat(1000)));

const ANSWERS: Readonly<Record<string, string>> = {
  whole: ok("0123456789"),
  part: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789",
  chunked: "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n",
  gzip: `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${GZIP.length}\r\n\r\n${GZIP}`,
  eof: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789",
  none: "HTTP/1.1 204 No Content\r\n\r\n",
  empty: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  head: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
};

function start(): Promise<ScriptedServer> {
  return ScriptedServer.start(({ head, socket }) => {
    socket.write(ANSWERS[/ \/(\w+)/.exec(head)![1]!]!, "latin1");
  });
}

for (const adapter of availableAdapters()) {
  const held = (name: string, run: (server: ScriptedServer, transport: Transport) => Promise<void>) =>
    test(`held body (${adapter.name}): ${name}`, () => withTransport(adapter, run));

  held("one that nobody reads, however it is framed, until it is closed", async ({ url }, transport) => {
    const bytes = { whole: 10, part: 10, chunked: 10, gzip: GZIP.length, eof: 10 };
    for (const [path, most] of Object.entries(bytes)) {
      const response = await transport.roundTrip({ url: url + path });
      const [body, ...others] = transport.heldBodies();
      assert.equal(others.length, 0);
      const { method, url: told, status, ageMs, bytesHere, stack } = body!;
      assert.deepEqual([method, told, status, stack], ["GET", url + path, response.status, undefined]);
      assert.ok(ageMs >= 0 && ageMs < 60_000, `${ageMs} ms`);
      assert.ok(bytesHere >= 0 && bytesHere <= most, `${path}: ${bytesHere} bytes`);
      assert.equal(transport.census().heldBodies, 1);
      response.body.close();
      await until(() => transport.census().heldBodies === 0, "a closed body is not held");
      assert.deepEqual(transport.heldBodies(), []);
    }
  });

  held("no response without a body, unread as it is", async ({ url }, transport) => {
    await transport.roundTrip({ url: `${url}none` });
    await transport.roundTrip({ url: `${url}empty` });
    await transport.roundTrip({ url: `${url}head`, method: "HEAD" });
    assert.deepEqual([transport.heldBodies(), transport.census().heldBodies], [[], 0]);
  });

  held("one that is read half and left, not one that is being read or was read", async (server, transport) => {
    const half = await transport.roundTrip({ url: `${server.url}part` });
    assert.equal((await half.body.read())!.length, 10);
    const [body] = transport.heldBodies();
    assert.equal(body!.bytesHere, 0);
    const reading = half.body.text();
    assert.deepEqual(transport.heldBodies(), [], "somebody waits for its rest");
    server.sockets[0]!.write("x".repeat(90));
    assert.equal((await reading).length, 90);
    await (await transport.roundTrip({ url: `${server.url}gzip` })).body.bytes();
    assert.equal(transport.census().heldBodies, 0);
  });

  held("until its request is cancelled, or its transport is closed", async ({ url }, transport) => {
    const controller = new AbortController();
    await transport.roundTrip({ url: `${url}part`, signal: controller.signal });
    await transport.roundTrip({ url: `${url}part` });
    assert.equal(transport.heldBodies().length, 2);
    controller.abort();
    assert.equal(transport.heldBodies().length, 1);
    await transport.close();
    assert.equal(transport.heldBodies().length, 0);
  });

  held("for as long as its connection is, read on after the server went away", async (server, transport) => {
    const response = await transport.roundTrip({ url: `${server.url}part` });
    server.sockets[0]!.destroy();
    await assert.rejects(response.body.bytes());
    assert.deepEqual([transport.heldBodies(), transport.census().live], [[], 0]);
  });

  held("one of the standard fetch: untouched, read half, cancelled", async ({ url }, transport) => {
    const untouched = await transport.fetch(`${url}part`);
    const half = await transport.fetch(`${url}part`);
    const reader = half.body!.getReader();
    await reader.read();
    assert.equal(transport.heldBodies().length, 2);
    await reader.cancel();
    await until(() => transport.heldBodies().length === 1, "one was cancelled");
    await untouched.body!.cancel();
    await until(() => transport.heldBodies().length === 0, "both were cancelled");
    assert.equal(await (await transport.fetch(`${url}whole`)).text(), "0123456789");
    assert.equal((await transport.fetch(`${url}none`)).status, 204);
    assert.equal(transport.census().heldBodies, 0);
  });
}

test("held body: garbage collection lets none go", async () => {
  await using server = await start();
  await using transport = new Transport();
  const drop = async () => void await transport.roundTrip({ url: `${server.url}part` });
  await drop();
  await collectRounds(5);
  assert.equal(transport.heldBodies().length, 1);
});

test("held body: with onLeak it has the stack of the call, and no password is told", async () => {
  await using server = await start();
  await using transport = new Transport({ onLeak: () => {} });
  const url = server.url.replace("//", "//user:hunter2@");
  const line = lineHere() + 1;
  const response = await transport.roundTrip({ url: `${url}part`, method: "POST" });
  const [body] = transport.heldBodies();
  assert.equal(lineOf(body!.stack!.split("\n")[0]), line, body!.stack);
  assert.deepEqual([body!.method, body!.url], ["POST", server.url.replace("//", "//***@") + "part"]);
  response.body.close();
});

async function withTransport(
  adapter: SocketAdapter,
  run: (server: ScriptedServer, transport: Transport) => Promise<void>,
): Promise<void> {
  await using server = await start();
  await using transport = new Transport({ adapter });
  await run(server, transport);
}
