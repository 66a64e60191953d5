// Requests that may not be sent twice, on connections whose end may be here and unseen.

import assert from "node:assert/strict";
import test from "node:test";
import type { Response } from "../../../lib/transport/response/response.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import type { TransportError } from "../../../lib/transport/transport_error.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";

/** The turns of its event loop are the test's. */
class TurningClock extends FakeClock {
  readonly waiting: (() => void)[] = [];

  afterTurn(callback: () => void): void {
    this.waiting.push(callback);
  }

  turn(): void {
    for (const callback of this.waiting.splice(0)) callback();
  }
}

function post(transport: Transport, url: string, signal?: AbortSignal): Promise<Response> {
  return transport.roundTrip({ method: "POST", url, body: "x", signal });
}

async function text(response: Promise<Response>): Promise<string> {
  return await (await response).body.text();
}

function failureOf(response: Promise<Response>): Promise<TransportError> {
  return response.then(() => assert.fail("it was answered"), (error: TransportError) => error);
}

async function start(answer = ok("x")): Promise<
  { server: ScriptedServer; clock: TurningClock; transport: Transport } & AsyncDisposable
> {
  const server = await ScriptedServer.start(({ socket }) => void socket.write(answer));
  const clock = new TurningClock();
  const transport = new Transport({ clock });
  return {
    server,
    clock,
    transport,
    async [Symbol.asyncDispose]() {
      await transport.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

test("silence: a POST is not written to a used connection before a turn of the event loop, then it is", async () => {
  await using world = await start();
  const { server, clock, transport } = world;
  assert.equal(await text(post(transport, server.url)), "x");
  assert.equal(clock.waiting.length, 0, "a new connection was asked for nothing yet");
  const second = post(transport, server.url);
  const { waiting, inUse, idle } = transport.census();
  assert.deepEqual([clock.waiting.length, waiting, inUse, idle], [1, 1, 1, 0]);
  assert.equal(server.heads.length, 1);
  clock.turn();
  assert.equal(await text(second), "x");
  assert.equal(server.dials, 1);
  assert.equal(transport.census().waiting, 0);
});

test("silence: a FIN that comes in that turn costs the POST nothing but a dial", async () => {
  await using world = await start();
  const { server, clock, transport } = world;
  assert.equal(await text(post(transport, server.url)), "x");
  const second = post(transport, server.url);
  server.sockets[0]!.end();
  await until(() => transport.census().live === 0, "the end is seen");
  clock.turn();
  assert.equal(await text(second), "x");
  assert.deepEqual([server.dials, server.heads.length], [2, 2]);
  const { totals } = transport.census();
  assert.deepEqual([totals.retried, totals.closed], [0, { serverClosedIdle: 1 }]);
});

test("silence: what may be sent twice does not wait", async () => {
  await using world = await start();
  const { server, clock, transport } = world;
  for (let i = 0; i < 2; i++) {
    await text(transport.roundTrip({ url: server.url }));
    await text(
      transport.roundTrip({ method: "POST", url: server.url, headers: { "Idempotency-Key": "1" }, body: "x" }),
    );
  }
  assert.deepEqual([clock.waiting.length, server.dials], [0, 1]);
});

test("silence: a POST cancelled in that turn leaves the connection for the next request", async () => {
  await using world = await start();
  const { server, clock, transport } = world;
  assert.equal(await text(post(transport, server.url)), "x");
  const controller = new AbortController();
  const second = failureOf(post(transport, server.url, controller.signal));
  controller.abort();
  const { code, phase } = await second;
  assert.deepEqual([code, phase], ["canceled", "pool"]);
  clock.turn();
  assert.deepEqual([transport.census().idle, transport.census().inUse], [1, 0]);
  assert.equal(await text(transport.roundTrip({ url: server.url })), "x");
  assert.equal(server.dials, 1);
});

test("silence: a transport closed in that turn fails the POST", async () => {
  await using world = await start();
  const { server, clock, transport } = world;
  assert.equal(await text(post(transport, server.url)), "x");
  const second = failureOf(post(transport, server.url));
  const closed = transport.close();
  clock.turn();
  assert.equal((await second).code, "transportClosed");
  await closed;
  assert.equal(transport.census().waiting, 0);
});

test("silence: a connection handed over to a waiting POST is listened to as well", async () => {
  await using server = await ScriptedServer.start(({ socket }) => void socket.write(ok("x")));
  const clock = new TurningClock();
  await using transport = new Transport({ clock, maxConnsPerHost: 1 });
  const first = text(post(transport, server.url));
  const second = text(post(transport, server.url));
  assert.equal(await first, "x");
  await until(() => clock.waiting.length === 1, "the second listens");
  assert.equal(server.heads.length, 1);
  server.sockets[0]!.end();
  await until(() => transport.census().live === 0, "the end is seen");
  clock.turn();
  assert.equal(await second, "x");
  assert.deepEqual([server.dials, transport.census().live], [2, 1]);
});

test("silence: after a FIN that came too late requests of every kind listen, until a connection stays open", async () => {
  await using server = await ScriptedServer.start(({ socket, connection, index }) => {
    if (connection === 0 && index === 1) socket.end();
    else socket.write(ok("x"));
  });
  const clock = new TurningClock();
  await using transport = new Transport({ clock });
  const ask = () => text(transport.roundTrip({ url: server.url }));
  await ask();
  await ask(); // on the same connection, then again on a new one
  assert.deepEqual([clock.waiting.length, server.dials, transport.census().totals.retried], [0, 2, 1]);
  const listening = ask();
  assert.equal(clock.waiting.length, 1);
  clock.turn();
  assert.equal(await listening, "x");
  await ask();
  assert.deepEqual([clock.waiting.length, server.dials], [0, 2]);
});

test("silence: a server that closes behind each answer without a word is asked little more than once for a GET", async () => {
  await using server = await ScriptedServer.start(({ socket, index }) => void (index === 0 && socket.end(ok("x"))));
  await using transport = new Transport();
  for (let i = 0; i < 60; i++) assert.equal(await text(transport.roundTrip({ url: server.url })), "x");
  assert.ok(server.heads.length <= 90, `asked ${server.heads.length} times for 60; 119 times if nobody listens`);
});

for (const method of ["POST", "PATCH", "DELETE"]) {
  test(`silence: a server that closes behind each answer without a word fails few ${method}s`, async () => {
    await using server = await ScriptedServer.start(({ socket, index }) => void (index === 0 && socket.end(ok("x"))));
    await using transport = new Transport();
    let failed = 0;
    for (let i = 0; i < 60; i++) {
      await text(transport.roundTrip({ method, url: server.url })).catch(() => failed++);
    }
    assert.ok(failed <= 20, `${failed} of 60 failed; each second one if nobody listens`);
  });
}
