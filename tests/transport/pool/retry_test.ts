import assert from "node:assert/strict";
import test from "node:test";
import { Exchange } from "../../../lib/transport/request/exchange.ts";
import type { TransportRequest } from "../../../lib/transport/request/prepared_request.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import type { TransportError } from "../../../lib/transport/transport_error.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { failure, get } from "../../support/get.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";
import { WireServer } from "../../support/wire_server.ts";

const BYTES = new TextEncoder().encode("abc");

async function* stream(): AsyncGenerator<Uint8Array> {
  yield BYTES;
}

/** Answers the first request of a connection, and ends the connection at its second without a byte. */
function staleOnSecond(): Promise<ScriptedServer> {
  return ScriptedServer.start(({ socket, index }) => index === 0 ? socket.write(ok("x")) : socket.end());
}

const RETRIED: readonly (readonly [what: string, request: Partial<TransportRequest>])[] = [
  ["GET", {}],
  ["HEAD", { method: "HEAD" }],
  ["OPTIONS", { method: "OPTIONS" }],
  ["TRACE", { method: "TRACE" }],
  ["a GET with a body in memory", { body: "abc" }],
  ["a POST with Idempotency-Key", { method: "POST", body: "abc", headers: { "Idempotency-Key": "1" } }],
  ["a POST with X-Idempotency-Key", { method: "POST", headers: { "x-idempotency-key": "" } }],
];

for (const [what, request] of RETRIED) {
  test(`retry: ${what} goes out again after a reused connection ended without a byte`, async () => {
    await using server = await staleOnSecond();
    await using transport = new Transport();
    await get(transport, server.url);
    assert.equal(await get(transport, server.url, request), request.method === "HEAD" ? "" : "x");
    assert.equal(server.dials, 2);
    assert.equal(transport.census().totals.retried, 1);
    assert.equal(server.heads[1], server.heads[2]);
  });
}

const NOT_RETRIED: readonly (readonly [what: string, request: Partial<TransportRequest>])[] = [
  ["a POST", { method: "POST", body: "abc" }],
  ["an empty POST", { method: "POST" }],
  ["a PUT", { method: "PUT", body: "abc" }],
  ["a DELETE", { method: "DELETE" }],
  ["a method of one's own", { method: "FETCH" }],
];

for (const [what, request] of NOT_RETRIED) {
  test(`retry: ${what} does not go out again`, async () => {
    await using server = await staleOnSecond();
    await using transport = new Transport();
    await get(transport, server.url);
    await assert.rejects(get(transport, server.url, request), { code: "firstByteRead", phase: "head", side: "remote" });
    assert.equal(server.dials, 1);
    assert.equal(transport.census().totals.retried, 0);
  });
}

test("retry: a streamed body goes out again only as a copy that getBody makes", async () => {
  await using server = await WireServer.start((wire) => {
    const answers = server.wires.length === 1 ? [ok("x"), undefined] : [ok("y")];
    void (async () => {
      for (const answer of answers) {
        await wire.take(wire === server.wires[0] && answer !== undefined ? "\r\n\r\n" : "0\r\n\r\n");
        if (answer === undefined) wire.socket.end();
        else wire.send(answer);
      }
    })();
  });
  await using transport = new Transport();
  await get(transport, server.url);
  const headers = { "Idempotency-Key": "1" };
  let copies = 0;
  const getBody = () => {
    copies += 1;
    return stream();
  };
  assert.equal(await get(transport, server.url, { method: "POST", headers, body: stream(), getBody }), "y");
  assert.deepEqual([copies, transport.census().totals.retried, server.dials], [1, 1, 2]);
  assert.match(server.wires[1]!.text, /\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/);
});

test("retry: a streamed body without getBody does not go out again", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const first = get(transport, server.url);
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("x"));
  await first;
  const error = failure(get(transport, server.url, {
    method: "POST",
    headers: { "Idempotency-Key": "1" },
    body: stream(),
  }));
  await wire.take("0\r\n\r\n");
  wire.socket.end();
  assert.equal((await error).code, "firstByteRead");
  assert.equal(server.dials, 1);
});

test("retry: a used body without getBody can not be sent a second time", async () => {
  await using server = await WireServer.start((wire) =>
    void wire.take("0\r\n\r\n").then(() => wire.send(ok("x")), () => {})
  );
  await using transport = new Transport();
  const prepared = transport.prepare({ method: "POST", url: server.url, body: stream(), close: true });
  const outcomes: (TransportError | "end")[] = [];
  class Once extends Exchange {
    override onHead(): void {
      this.read();
    }
    override onEnd(): void {
      outcomes.push("end");
    }
    override onError(error: TransportError): void {
      outcomes.push(error);
    }
  }
  transport.send(prepared, new Once());
  await until(() => outcomes.length === 1, "the first sending ends");
  transport.send(prepared, new Once());
  await until(() => outcomes.length === 2, "the second sending ends");
  const [first, second] = outcomes;
  assert.equal(first, "end");
  assert.ok(second !== "end" && second !== undefined);
  assert.deepEqual([second.code, second.side, second.message], [
    "cannotRewindBody",
    "local",
    "cannot rewind body after connection loss",
  ]);
});

test("retry: with nothing written any method goes out again, where its body can", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  const first = get(transport, server.url);
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("x"));
  await first;
  // a DELETE with an unknown body waits for its first byte before anything is written
  let asked = 0;
  const slow = async function* () {
    asked += 1;
    if (asked === 1) await new Promise(() => {});
    yield BYTES;
  };
  const second = get(transport, server.url, { method: "DELETE", body: slow(), getBody: slow });
  await until(() => asked === 1, "the body is asked for its first byte");
  wire.socket.end();
  const fresh = await server.wire(1);
  await fresh.take("0\r\n\r\n");
  fresh.send(ok("y"));
  assert.equal(await second, "y");
  assert.equal(transport.census().totals.retried, 1);
  assert.equal(wire.untaken, "");
});

test("retry: with nothing written a body that can not be copied is not sent again", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ clock: new FakeClock() });
  const first = get(transport, server.url);
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("x"));
  await first;
  let asked = 0;
  const slow = async function* () {
    asked += 1;
    await new Promise(() => {});
    yield BYTES;
  };
  const second = failure(get(transport, server.url, { method: "DELETE", body: slow() }));
  await until(() => asked === 1, "the body is asked for its first byte");
  wire.socket.end();
  assert.equal((await second).code, "firstByteRead");
  assert.equal(server.dials, 1);
});

test("retry: none on a fresh connection, so that a failing server is no endless loop", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.end());
  await using transport = new Transport();
  await assert.rejects(transport.roundTrip({ url: server.url }), { code: "firstByteRead", side: "remote" });
  assert.equal(server.dials, 1);
});

test("retry: through any number of stale connections, until a fresh one fails", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ maxIdleConnsPerHost: 5 });
  const five = Array.from({ length: 5 }, () => get(transport, server.url));
  for (let i = 0; i < 5; i++) await (await server.wire(i)).take();
  for (const wire of server.wires) wire.send(ok("x"));
  await Promise.all(five);
  const last = failure(transport.roundTrip({ url: server.url }));
  for (let i = 0; i < 6; i++) {
    await until(() => server.wires.some((wire) => wire.untaken !== ""), "the request comes (again)");
    const wire = server.wires.find((each) => each.untaken !== "")!;
    await wire.take();
    wire.socket.end();
  }
  assert.equal((await last).code, "firstByteRead");
  assert.deepEqual([server.dials, transport.census().totals.retried], [6, 5]);
});

test("retry: none once a byte of a response was seen", async () => {
  for (const bytes of ["H", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Le"]) {
    await using server = await ScriptedServer.start(({ socket, index }) =>
      index === 0 ? socket.write(ok("x")) : socket.end(bytes)
    );
    await using transport = new Transport();
    await get(transport, server.url);
    const error = await failure(transport.roundTrip({ url: server.url }));
    assert.match(error.message, /transport connection broken/);
    assert.deepEqual([error.phase, error.side, server.dials], ["head", "remote", 1]);
  }
});

test("retry: a reset before the first byte counts as one", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const first = get(transport, server.url);
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("x"));
  await first;
  const second = get(transport, server.url);
  await wire.take();
  wire.socket.resetAndDestroy();
  const fresh = await server.wire(1);
  await fresh.take();
  fresh.send(ok("y"));
  assert.equal(await second, "y");
  assert.equal(transport.census().totals.retried, 1);
});

test("retry: what was cancelled is not sent again", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const first = get(transport, server.url);
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("x"));
  await first;
  const cancel = new AbortController();
  const second = failure(get(transport, server.url, { signal: cancel.signal }));
  await wire.take();
  cancel.abort();
  assert.equal((await second).code, "canceled");
  assert.deepEqual([server.dials, transport.census().totals.retried], [1, 0]);
});

test("retry: a refused connection is an error with its code", async () => {
  const server = await WireServer.start();
  const { url } = server;
  await server[Symbol.asyncDispose]();
  await using transport = new Transport();
  await assert.rejects(transport.roundTrip({ url }), { code: "ECONNREFUSED", phase: "dial", side: "remote" });
  assert.equal(transport.census().dialing, 0);
});
