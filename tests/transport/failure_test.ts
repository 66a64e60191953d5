import assert from "node:assert/strict";
import { createServer } from "node:net";
import test from "node:test";
import { Transport } from "../../lib/transport/transport.ts";
import { ok, ScriptedServer, until } from "../support/scripted_server.ts";

/** Answers the first request of a connection, and ends the connection at its second without a byte. */
function staleOnSecond(): Promise<ScriptedServer> {
  return ScriptedServer.start(({ socket, index }) => index === 0 ? socket.write(ok("x")) : socket.end());
}

test("retry: a GET on a reused connection that ends without a byte goes out again", async () => {
  await using server = await staleOnSecond();
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) assert.equal(await (await transport.roundTrip({ url: server.url })).body.text(), "x");
  assert.equal(server.dials, 2);
  assert.equal(transport.census().totals.retried, 1);
});

test("retry: a POST does not, unless it says that it may", async () => {
  await using server = await staleOnSecond();
  await using transport = new Transport();
  const post = { method: "POST", url: server.url, body: "y" };
  await (await transport.roundTrip(post)).body.text();
  await assert.rejects(transport.roundTrip(post), { code: "firstByteRead", phase: "head", side: "remote" });
  await (await transport.roundTrip(post)).body.text();
  const keyed = { ...post, headers: { "idempotency-key": "1" } };
  assert.equal(await (await transport.roundTrip(keyed)).body.text(), "x");
  assert.equal(transport.census().totals.retried, 1);
});

test("retry: none on a fresh connection, so that a failing server is no endless loop", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.end());
  await using transport = new Transport();
  await assert.rejects(transport.roundTrip({ url: server.url }), { code: "firstByteRead" });
  assert.equal(server.dials, 1);
});

test("retry: none once a byte of a response was seen", async () => {
  await using server = await ScriptedServer.start(({ socket, index }) =>
    index === 0 ? socket.write(ok("x")) : socket.end("HTTP/1.1 2")
  );
  await using transport = new Transport();
  await (await transport.roundTrip({ url: server.url })).body.text();
  await assert.rejects(transport.roundTrip({ url: server.url }), /transport connection broken/);
  assert.equal(server.dials, 1);
});

test("failure: a refused connection is a dial error with its code", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  await using transport = new Transport();
  const refused = transport.roundTrip({ url: `http://127.0.0.1:${port}/` });
  await assert.rejects(refused, { code: "ECONNREFUSED", phase: "dial", side: "remote" });
  assert.equal(transport.census().dialing, 0);
});

test("failure: garbage and an oversized head are the server's fault, and close the connection", async () => {
  for (
    const [answer, code] of [
      ["SSH-2.0-OpenSSH_9.2\r\n\r\n", /malformed/i],
      [`HTTP/1.1 200 OK\r\nX: ${"y".repeat(70_000)}\r\n\r\n`, /exceeded 65536 bytes/],
      ["HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc", /Content-Length/i],
    ] as const
  ) {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(answer));
    await using transport = new Transport({ maxResponseHeaderBytes: 65_536 });
    await assert.rejects(transport.roundTrip({ url: server.url }), code);
    assert.equal(transport.census().live, 0);
  }
});

test("failure: a signal that fired before the request means no dial", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  await assert.rejects(transport.roundTrip({ url: server.url, signal: AbortSignal.abort() }), { code: "canceled" });
  assert.equal(transport.census().totals.dialed, 0);
});

test("failure: no head in time is a timeout, and the next request is fine", async () => {
  await using server = await ScriptedServer.start(({ socket, connection }) => {
    if (connection > 0) socket.write(ok("x"));
  });
  await using transport = new Transport({ responseHeaderTimeoutMs: 60 });
  await assert.rejects(transport.roundTrip({ url: server.url }), /timeout awaiting response headers/);
  assert.equal(await (await transport.roundTrip({ url: server.url })).body.text(), "x");
});

test("failure: forbidden bytes never reach the wire", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  for (
    const bad of [
      { headers: { "x-a": "b\r\nx-c: d" } },
      { headers: [["x a", "b"]] as [string, string][] },
      { method: "GE T" },
    ]
  ) {
    await assert.rejects(transport.roundTrip({ url: server.url, ...bad }), { side: "local", phase: "write" });
  }
  assert.equal(server.dials, 0);
});

test("failure: a reset in mid-body is an error with a code, after the bytes before it", async () => {
  await using server = await ScriptedServer.start(({ socket }) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
    setTimeout(() => socket.resetAndDestroy?.() ?? socket.destroy(), 50);
  });
  await using transport = new Transport();
  const { body } = await transport.roundTrip({ url: server.url });
  assert.equal(new TextDecoder().decode((await body.read())!), "abc");
  await assert.rejects(body.read(), (error: { code: string }) => ["ECONNRESET", "unexpectedEof"].includes(error.code));
  await until(() => transport.census().live === 0, "the connection is gone");
});
