import assert from "node:assert/strict";
import test from "node:test";
import type { TransportRequest } from "../../../lib/transport/request/prepared_request.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { failure, get, turns } from "../../support/get.ts";
import { ok, until } from "../../support/scripted_server.ts";
import { WireServer } from "../../support/wire_server.ts";

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const EXPECT = { Expect: "100-continue" };

/** The same body in memory, and as a stream of unknown and of known length. */
const BODIES: readonly (readonly [what: string, body: () => Partial<TransportRequest>, onWire: string])[] = [
  ["in memory", () => ({ body: "the body" }), "the body"],
  ["of unknown length", () => ({ body: stream() }), "8\r\nthe body\r\n0\r\n\r\n"],
  ["of known length", () => ({ body: stream(), contentLength: 8 }), "the body"],
];

async function* stream(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode("the body");
}

for (const [what, body, onWire] of BODIES) {
  const post = (url: string) => ({ method: "POST", url, headers: EXPECT, ...body() });

  test(`continue: a body ${what} goes out only after the 100`, async () => {
    const clock = new FakeClock();
    await using server = await WireServer.start();
    await using transport = new Transport({ clock, expectContinueTimeoutMs: 1000 });
    for (let i = 0; i < 2; i++) {
      const response = transport.roundTrip(post(server.url));
      const wire = await server.wire();
      assert.match(await wire.take(), /^Expect: 100-continue\r$/m);
      clock.advance(999);
      await turns();
      assert.equal(wire.untaken, "");
      assert.deepEqual(transport.census().writeLoops, { awaitingContinue: 1 });
      wire.send(CONTINUE);
      assert.equal(await wire.take(onWire), onWire);
      wire.send(ok("done"));
      assert.equal(await (await response).body.text(), "done");
    }
    assert.equal(server.dials, 1);
    assert.equal(clock.timers(1000), 0);
  });

  test(`continue: a body ${what} goes out after a final status without a 100, too`, async () => {
    const clock = new FakeClock();
    await using server = await WireServer.start();
    await using transport = new Transport({ clock, expectContinueTimeoutMs: 1000 });
    for (let i = 0; i < 2; i++) {
      const response = transport.roundTrip(post(server.url));
      const wire = await server.wire();
      await wire.take();
      wire.send(ok("done"));
      assert.equal(await wire.take(onWire), onWire);
      assert.equal(await (await response).body.text(), "done");
    }
    assert.equal(server.dials, 1);
  });

  test(`continue: a body ${what} is never sent where a final status comes with Connection: close`, async () => {
    const clock = new FakeClock();
    await using server = await WireServer.start();
    await using transport = new Transport({ clock, expectContinueTimeoutMs: 1000 });
    for (const [close, extra] of [[false, "Connection: close\r\n"], [true, ""]] as const) {
      const response = transport.roundTrip({ ...post(server.url), close });
      const wire = await server.wire(server.wires.length);
      await wire.take();
      wire.send(ok("no, thanks", extra));
      assert.equal(await (await response).body.text(), "no, thanks");
      await wire.end();
      assert.equal(wire.untaken, "");
      assert.equal(clock.timers(1000), 0);
    }
    assert.deepEqual(transport.census().totals.closed, { connectionClose: 2 });
  });

  test(`continue: a body ${what} goes out when the timer fires`, async () => {
    const clock = new FakeClock();
    await using server = await WireServer.start();
    await using transport = new Transport({ clock, expectContinueTimeoutMs: 1000 });
    const response = transport.roundTrip(post(server.url));
    const wire = await server.wire();
    await wire.take();
    await until(() => clock.timers(1000) === 1, "the timer runs");
    clock.advance(1000);
    assert.equal(await wire.take(onWire), onWire);
    wire.send(CONTINUE + ok("done")); // a late 100 is one 1xx among others
    assert.equal(await (await response).body.text(), "done");
    assert.equal(transport.census().idle, 1);
  });
}

test("continue: without a timeout the body follows at once", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ clock: new FakeClock() });
  const response = get(transport, server.url, { method: "POST", headers: EXPECT, body: "the body" });
  const wire = await server.wire();
  await wire.take("the body");
  wire.send(ok("done"));
  assert.equal(await response, "done");
});

test("continue: nothing waits where there is no body", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ clock: new FakeClock(), expectContinueTimeoutMs: 1000 });
  const response = get(transport, server.url, { headers: EXPECT });
  const wire = await server.wire();
  await wire.take();
  assert.deepEqual(transport.census().writeLoops, { awaitingRequest: 1 });
  wire.send(ok("done"));
  assert.equal(await response, "done");
});

test("continue: a body that was slow to begin still waits for the 100", async () => {
  for (const empty of [false, true]) {
    const clock = new FakeClock();
    await using server = await WireServer.start();
    await using transport = new Transport({ clock, expectContinueTimeoutMs: 1000 });
    let begin: (() => void) | undefined;
    const begun = new Promise<void>((resolve) => begin = resolve);
    let asked = false;
    const slow = async function* () {
      asked = true;
      await begun;
      if (!empty) yield* stream();
    };
    const response = get(transport, server.url, { headers: EXPECT, body: slow() });
    await until(() => asked, "the body is asked for its first byte");
    clock.advance(200);
    const wire = await server.wire();
    await wire.take();
    begin!();
    await turns();
    assert.equal(wire.untaken, "");
    wire.send(CONTINUE);
    const onWire = empty ? "0\r\n\r\n" : "8\r\nthe body\r\n0\r\n\r\n";
    assert.equal(await wire.take("0\r\n\r\n"), onWire);
    wire.send(ok("done"));
    assert.equal(await response, "done");
  }
});

/** A source that nobody should ask. */
class Unasked implements AsyncIterable<Uint8Array> {
  closed = 0;

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () => Promise.reject(new Error("nobody should ask")),
      return: () => {
        this.closed += 1;
        return Promise.resolve({ done: true as const, value: undefined });
      },
    };
  }
}

test("continue: a connection that ends while the body waits fails the request and closes the source", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ clock: new FakeClock(), expectContinueTimeoutMs: 1000 });
  const body = new Unasked();
  const response = failure(transport.roundTrip({ method: "POST", url: server.url, headers: EXPECT, body }));
  const wire = await server.wire();
  await wire.take();
  wire.socket.end();
  assert.equal((await response).code, "firstByteRead");
  assert.equal(body.closed, 1);
});

test("continue: the source of a body that is not wanted is closed, once", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport({ clock: new FakeClock(), expectContinueTimeoutMs: 1000 });
  const body = new Unasked();
  const response = get(transport, server.url, { method: "POST", headers: EXPECT, body });
  const wire = await server.wire();
  await wire.take();
  wire.send(ok("no, thanks", "Connection: close\r\n"));
  assert.equal(await response, "no, thanks");
  assert.equal(body.closed, 1);
});
