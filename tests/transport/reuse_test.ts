import assert from "node:assert/strict";
import test from "node:test";
import { Transport } from "../../lib/transport/transport.ts";
import { ok, ScriptedServer, until } from "../support/scripted_server.ts";

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

for (const [framing, answer] of [["length", ok("hello")], ["chunked", CHUNKED]] as const) {
  test(`transport: three GETs read to their end, by ${framing}, take one dial`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(answer));
    await using transport = new Transport();
    for (let i = 0; i < 3; i++) {
      const response = await transport.roundTrip({ url: server.url });
      assert.equal(response.status, 200);
      assert.equal(await response.body.text(), "hello");
    }
    assert.equal(server.dials, 1);
    assert.equal(transport.census().totals.reused, 2);
  });
}

test("transport: two requests at once take two dials", async () => {
  await using server = await ScriptedServer.start(({ socket }) => setTimeout(() => socket.write(ok("x")), 50));
  await using transport = new Transport();
  const both = await Promise.all([transport.roundTrip({ url: server.url }), transport.roundTrip({ url: server.url })]);
  for (const response of both) await response.body.text();
  assert.equal(server.dials, 2);
  assert.equal(transport.census().idle, 2);
});

test("transport: a hundred empty responses take one dial, and nobody needs to close them", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write("HTTP/1.1 204 No Content\r\n\r\n"));
  await using transport = new Transport();
  for (let i = 0; i < 100; i++) assert.equal((await transport.roundTrip({ url: server.url })).status, 204);
  assert.equal(server.dials, 1);
});

test("transport: HEAD keeps the declared length and has no body", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 123\r\n\r\n")
  );
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    const response = await transport.roundTrip({ method: "HEAD", url: server.url });
    assert.equal(response.contentLength, 123);
    assert.equal(await response.body.text(), "");
  }
  assert.equal(server.dials, 1);
});

test("transport: disableKeepAlives sends exactly one Connection: close and keeps nothing", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ disableKeepAlives: true });
  for (let i = 0; i < 2; i++) await (await transport.roundTrip({ url: server.url })).body.text();
  assert.equal(server.dials, 2);
  assert.equal(server.heads[0]!.match(/^connection: close\r$/gim)!.length, 1);
  assert.equal(transport.census().live, 0);
});

test("transport: a server's Connection: close is heeded", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x", "Connection: close\r\n")));
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) await (await transport.roundTrip({ url: server.url })).body.text();
  assert.equal(server.dials, 2);
  assert.deepEqual(transport.census().totals.closed, { connectionClose: 2 });
});

test("transport: a FIN on an idle connection is seen, and a later POST dials anew without an error", async () => {
  await using server = await ScriptedServer.start(({ socket, connection }) => {
    socket.write(ok("x"));
    if (connection === 0) socket.end();
  });
  await using transport = new Transport();
  await (await transport.roundTrip({ url: server.url })).body.text();
  await until(() => transport.census().live === 0, "the closed connection leaves the pool");
  const response = await transport.roundTrip({ method: "POST", url: server.url, body: "y" });
  assert.equal(await response.body.text(), "x");
  assert.equal(server.dials, 2);
});

test("transport: bytes that nobody asked for close an idle connection", async () => {
  await using server = await ScriptedServer.start(({ socket, connection }) => {
    socket.write(ok("x"));
    if (connection === 0) setTimeout(() => socket.write(ok("unasked")), 30);
  });
  await using transport = new Transport();
  await (await transport.roundTrip({ url: server.url })).body.text();
  await until(() => transport.census().totals.closed["unsolicited"] === 1, "the connection is closed");
  assert.equal(await (await transport.roundTrip({ url: server.url })).body.text(), "x");
});

test("transport: two responses to one request never answer the next one", async () => {
  await using server = await ScriptedServer.start(({ socket, connection }) =>
    socket.write(connection === 0 ? ok("first") + ok("second") : ok("third"))
  );
  await using transport = new Transport();
  assert.equal(await (await transport.roundTrip({ url: server.url })).body.text(), "first");
  assert.equal(await (await transport.roundTrip({ url: server.url })).body.text(), "third");
});

test("transport: a unix socket carries requests whatever the URL's host", async () => {
  const path = `/tmp/loadgen-test-${Date.now()}-${Math.floor(Math.random() * 1e9)}.sock`;
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("by path")), path);
  await using transport = new Transport({ unixSocket: path });
  const response = await transport.roundTrip({ url: "http://example.test/here" });
  assert.equal(await response.body.text(), "by path");
  assert.match(server.heads[0]!, /^GET \/here HTTP\/1\.1\r\nHost: example\.test\r\n/);
});

test("transport: trace hooks come in their order", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  const seen: string[] = [];
  const trace = {
    getConn: () => void seen.push("getConn"),
    connectStart: () => void seen.push("connectStart"),
    connectDone: () => void seen.push("connectDone"),
    gotConn: (info: { reused: boolean; wasIdle: boolean }) => void seen.push(`gotConn ${info.reused} ${info.wasIdle}`),
    wroteHeaders: () => void seen.push("wroteHeaders"),
    wroteRequest: () => void seen.push("wroteRequest"),
    gotFirstResponseByte: () => void seen.push("gotFirstResponseByte"),
    putIdleConn: (refused: string | undefined) => void seen.push(`putIdleConn ${refused}`),
  };
  await (await transport.roundTrip({ url: server.url, trace })).body.text();
  assert.deepEqual(seen, [
    "getConn",
    "connectStart",
    "connectDone",
    "gotConn false false",
    "wroteHeaders",
    "wroteRequest",
    "gotFirstResponseByte",
    "putIdleConn undefined",
  ]);
  seen.length = 0;
  await (await transport.roundTrip({ url: server.url, trace })).body.text();
  assert.deepEqual(seen.slice(0, 2), ["getConn", "gotConn true true"]);
});
