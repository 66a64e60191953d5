import assert from "node:assert/strict";
import test from "node:test";
import { Transport } from "../../lib/transport/transport.ts";
import { ok, ScriptedServer, until } from "../support/scripted_server.ts";

test("body: closed with 200 KiB unread, the connection is drained and used again", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(200 * 1024))));
  await using transport = new Transport();
  (await transport.roundTrip({ url: server.url })).body.close();
  await until(() => transport.census().idle === 1, "the drain ends");
  await (await transport.roundTrip({ url: server.url })).body.text();
  assert.equal(server.dials, 1);
});

test("body: closed with 500 KiB unread, the connection is closed", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(500 * 1024))));
  await using transport = new Transport();
  (await transport.roundTrip({ url: server.url })).body.close();
  await until(() => transport.census().live === 0, "the connection closes");
  assert.deepEqual(transport.census().totals.closed, { earlyClose: 1 });
});

test("body: without drainOnClose every early close costs the connection", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(100))));
  await using transport = new Transport({ drainOnClose: false });
  (await transport.roundTrip({ url: server.url })).body.close();
  assert.deepEqual(transport.census().totals.closed, { earlyClose: 1 });
});

test("body: without drainOnClose a pending read fails as the body is closed", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx")
  );
  await using transport = new Transport({ drainOnClose: false });
  const { body } = await transport.roundTrip({ url: server.url });
  await body.read();
  const pending = assert.rejects(body.read(), { code: "readOnClosedBody" });
  body.close();
  assert.deepEqual(transport.census().totals.closed, { earlyClose: 1 });
  await pending;
});

test("body: a drain that takes too long ends with the connection", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
  );
  await using transport = new Transport();
  (await transport.roundTrip({ url: server.url })).body.close();
  assert.deepEqual(transport.census().readLoops, { draining: 1 });
  await until(() => transport.census().live === 0, "the drain is given up");
});

test("body: the next request while a drain is pending dials anew", async () => {
  await using server = await ScriptedServer.start(({ socket, connection }) =>
    socket.write(connection === 0 ? "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx" : ok("y"))
  );
  await using transport = new Transport();
  (await transport.roundTrip({ url: server.url })).body.close();
  assert.equal(await (await transport.roundTrip({ url: server.url })).body.text(), "y");
  assert.equal(server.dials, 2);
});

test("body: close is idempotent, and reading after it says so", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  const { body } = await transport.roundTrip({ url: server.url });
  body.close();
  body.close();
  await assert.rejects(body.read(), { code: "readOnClosedBody", message: "read on closed response body" });
});

test("body: cancelled in the middle, the bytes so far stay readable, then comes the error", async () => {
  await using server = await ScriptedServer.start(({ socket }) =>
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far")
  );
  await using transport = new Transport();
  const cancel = new AbortController();
  const { body } = await transport.roundTrip({ url: server.url, signal: cancel.signal });
  await new Promise((resolve) => setTimeout(resolve, 50));
  cancel.abort(new Error("enough"));
  assert.equal(new TextDecoder().decode((await body.read())!), "so far");
  await assert.rejects(body.read(), { code: "canceled" });
  assert.equal(transport.census().live, 0);
});

test("body: a signal that fires after the end spares the connection's next user", async () => {
  await using server = await ScriptedServer.start(({ socket, index }) =>
    index === 0 ? socket.write(ok("x")) : setTimeout(() => socket.write(ok("y")), 50)
  );
  await using transport = new Transport();
  const cancel = new AbortController();
  await (await transport.roundTrip({ url: server.url, signal: cancel.signal })).body.text();
  const next = transport.roundTrip({ url: server.url });
  cancel.abort();
  assert.equal(await (await next).body.text(), "y");
  assert.equal(server.dials, 1);
});

test("body: truncated, it ends with unexpected EOF and not as if it were whole", async () => {
  for (const answer of ["Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"]) {
    await using server = await ScriptedServer.start(({ socket }) => socket.end(`HTTP/1.1 200 OK\r\n${answer}`));
    await using transport = new Transport();
    const { body } = await transport.roundTrip({ url: server.url });
    await assert.rejects(body.text(), { code: "unexpectedEof", phase: "body", side: "remote" });
    assert.equal(transport.census().live, 0);
  }
});

test("body: without a length it ends with the connection", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.end("HTTP/1.1 200 OK\r\n\r\nall of it"));
  await using transport = new Transport();
  const response = await transport.roundTrip({ url: server.url });
  assert.equal(response.contentLength, -1);
  assert.equal(await response.body.text(), "all of it");
  assert.equal(transport.census().live, 0);
});

test("body: 8 MiB that nobody reads stay with the server, and arrive whole when read", async () => {
  const size = 8 * 1024 * 1024;
  await using server = await ScriptedServer.start(({ socket }) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
    socket.write(new Uint8Array(size).fill(0x61));
  });
  await using transport = new Transport();
  const { body } = await transport.roundTrip({ url: server.url });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(transport.traffic.bytesReceived < 1024 * 1024, `${transport.traffic.bytesReceived} bytes were taken`);
  assert.equal((await body.bytes()).length, size);
  assert.equal(transport.census().idle, 1);
});

test("body: await using closes it", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  {
    await using response = await transport.roundTrip({ url: server.url });
    assert.equal(response.status, 200);
  }
  await until(() => transport.census().idle === 1, "the drained connection is pooled");
});
