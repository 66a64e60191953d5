import assert from "node:assert/strict";
import test from "node:test";
import { Transport } from "../../../lib/transport/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { failure, get, turns } from "../../support/get.ts";
import { deadPort } from "../../support/raw_server.ts";
import { ok, until } from "../../support/scripted_server.ts";
import { WireServer } from "../../support/wire_server.ts";

const PIECE = new TextEncoder().encode("piece");

/** A source of so many pieces that then ends, throws or stands still; it counts how often it was opened and closed. */
class Source implements AsyncIterable<Uint8Array> {
  opened = 0;
  closed = 0;
  asked = 0;
  readonly #pieces: number;
  readonly #then: "end" | "stall" | Error;

  constructor(pieces: number, then: "end" | "stall" | Error) {
    this.#pieces = pieces;
    this.#then = then;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    this.opened += 1;
    let given = 0;
    return {
      next: async () => {
        this.asked += 1;
        await new Promise((resolve) => setTimeout(resolve, 0));
        if (given++ < this.#pieces) return { done: false, value: PIECE };
        if (this.#then === "end") return { done: true, value: undefined };
        if (this.#then === "stall") return await new Promise(() => {});
        throw this.#then;
      },
      return: () => {
        this.closed += 1;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}

test("body: an early response to a stalled upload is delivered, its end at most 50 ms late, and the connection goes", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  const source = new Source(1, "stall");
  const response = transport.roundTrip({ method: "POST", url: server.url, body: source });
  const wire = await server.wire();
  await wire.take("piece\r\n");
  wire.send(ok("early"));
  const { status, body } = await response;
  assert.equal(status, 200);
  const text = body.text();
  await until(() => transport.census().readLoops["awaitingWrite"] === 1, "the response waits for its request");
  clock.advance(50);
  assert.equal(await text, "early");
  await wire.end();
  assert.deepEqual(transport.census().totals.closed, { earlyResponse: 1 });
  assert.deepEqual([source.opened, source.closed], [1, 1]);
  const next = get(transport, server.url);
  const fresh = await server.wire(1);
  await fresh.take();
  fresh.send(ok("next"));
  assert.equal(await next, "next");
});

test("body: a 401 during an endless upload is readable", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock });
  const source = new Source(Infinity, "end");
  const response = transport.roundTrip({ method: "POST", url: server.url, body: source });
  const wire = await server.wire();
  await wire.take("piece\r\n");
  const why = "who are you?".repeat(1000);
  wire.send(`HTTP/1.1 401 Unauthorized\r\nContent-Length: ${why.length}\r\n\r\n${why}`);
  const { status, body } = await response;
  assert.equal(status, 401);
  const text = body.text();
  await until(() => transport.census().readLoops["awaitingWrite"] === 1, "the response waits for its request");
  clock.advance(50);
  assert.equal(await text, why);
  await wire.end();
  assert.deepEqual([source.opened, source.closed], [1, 1]);
});

test("body: an answer that is here to its end outlives the upload that fails behind it", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  let fail = () => {};
  const told = new Promise<void>((resolve) => fail = resolve);
  const source = async function* () {
    yield PIECE;
    await told;
    throw new Error("disk on fire");
  };
  const response = transport.roundTrip({ method: "POST", url: server.url, body: source() });
  const wire = await server.wire();
  await wire.take("piece\r\n");
  wire.send("HTTP/1.1 413 Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
  const { body } = await response;
  fail();
  await wire.end();
  assert.equal(await body.text(), "too much");
});

test("body: an error that the source throws is the request's, and the source is not closed again", async () => {
  for (const pieces of [0, 1, 3]) {
    await using server = await WireServer.start();
    await using transport = new Transport();
    const thrown = new Error("disk on fire");
    const source = new Source(pieces, thrown);
    const error = await failure(transport.roundTrip({ method: "POST", url: server.url, body: source }));
    assert.deepEqual([error.code, error.side, error.phase, error.cause], ["requestBody", "local", "write", thrown]);
    assert.equal(error.message, "request body: disk on fire");
    assert.deepEqual([source.opened, source.closed], [1, 0]); // what throws has ended: the language closes it no more
    await (await server.wire()).end();
    assert.doesNotMatch(server.wires[0]!.text, /0\r\n\r\n$/);
    assert.deepEqual(transport.census().totals.closed, { writeFailed: 1 });
  }
});

test("body: a source whose iterator can not be made is the request's error, too", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const broken = {
    [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
      throw new Error("no iterator");
    },
  };
  const error = await failure(transport.roundTrip({ method: "POST", url: server.url, body: broken }));
  assert.deepEqual([error.code, error.message], ["requestBody", "request body: no iterator"]);
});

test("body: a piece that is no Uint8Array is the caller's error, and the source is closed once", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  let closed = 0;
  const words = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false, value: "text" }),
      return: () => {
        closed += 1;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  } as unknown as AsyncIterable<Uint8Array>;
  const error = await failure(transport.roundTrip({ method: "POST", url: server.url, body: words }));
  assert.deepEqual([error.code, error.side], ["requestBody", "local"]);
  assert.equal(closed, 1);
});

test("body: an error of the source wins over a response that is being read", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  let burn: (() => void) | undefined;
  const burning = new Promise<void>((resolve) => burn = resolve);
  const source = async function* () {
    yield PIECE;
    await burning;
    throw new Error("disk on fire");
  };
  const response = transport.roundTrip({ method: "POST", url: server.url, body: source() });
  const wire = await server.wire();
  await wire.take("piece\r\n");
  wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far");
  const { body } = await response;
  assert.equal(new TextDecoder().decode((await body.read())!), "so far");
  burn!();
  await assert.rejects(body.read(), { code: "requestBody" });
  await wire.end();
});

test("body: cancelling an upload closes its source once", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const source = new Source(2, "stall");
  const cancel = new AbortController();
  const reason = new Error("enough");
  const request = { method: "POST", url: server.url, body: source, signal: cancel.signal };
  const outcome = failure(transport.roundTrip(request));
  const wire = await server.wire();
  await wire.take("piece\r\n5\r\npiece\r\n");
  cancel.abort(reason);
  const error = await outcome;
  assert.deepEqual([error.code, error.cause], ["canceled", reason]);
  await wire.end();
  assert.deepEqual([source.opened, source.closed], [1, 1]);
});

test("body: a source that throws as it is closed, at once or later, is not heard", async () => {
  for (
    const thrown of [() => Promise.reject(new Error("later")), (): never => {
      throw new Error("at once");
    }]
  ) {
    await using server = await WireServer.start();
    await using transport = new Transport();
    const body = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}), return: thrown }) };
    const cancel = new AbortController();
    const error = failure(transport.roundTrip({ method: "POST", url: server.url, body, signal: cancel.signal }));
    await (await server.wire()).take();
    cancel.abort();
    assert.equal((await error).code, "canceled");
    assert.equal(transport.census().live, 0);
  }
});

test("body: of a request that never got a connection the source is closed once, unread", async () => {
  await using transport = new Transport();
  const refused = new Source(1, "end");
  const url = `http://127.0.0.1:${await deadPort()}/`;
  assert.equal((await failure(transport.roundTrip({ method: "POST", url, body: refused }))).code, "ECONNREFUSED");
  const aborted = new Source(1, "end");
  const signal = AbortSignal.abort();
  assert.equal((await failure(transport.roundTrip({ method: "POST", url, body: aborted, signal }))).code, "canceled");
  const invalid = new Source(1, "end");
  assert.equal((await failure(transport.roundTrip({ method: "P T", url, body: invalid }))).code, "badMethod");
  for (const source of [refused, aborted, invalid]) assert.deepEqual([source.closed, source.asked], [1, 0]);
});

test("body: a source read to its end is not closed again", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const source = new Source(2, "end");
  const response = get(transport, server.url, { method: "POST", body: source });
  const wire = await server.wire();
  await wire.take("0\r\n\r\n");
  wire.send(ok("x"));
  assert.equal(await response, "x");
  await turns();
  assert.deepEqual([source.opened, source.closed], [1, 0]);
  assert.equal(transport.census().idle, 1);
});

test("body: longer or shorter than declared, it is an error, and nothing of the surplus is sent", async () => {
  for (const [pieces, contentLength] of [[3, 12], [1, 4], [2, 11], [0, 1], [1, 0]] as const) {
    await using server = await WireServer.start();
    await using transport = new Transport();
    const source = new Source(pieces, "end");
    const request = { method: "POST", url: server.url, body: source, contentLength };
    const error = await failure(transport.roundTrip(request));
    assert.deepEqual([error.code, error.side, error.phase], ["bodyLength", "local", "write"]);
    assert.match(error.message, new RegExp(`${contentLength} bytes`));
    const wire = await server.wire();
    await wire.end();
    const body = wire.text.split("\r\n\r\n")[1]!;
    assert.ok(body.length <= contentLength, `${body.length} bytes of body came`);
    assert.equal(source.closed, pieces * 5 > contentLength ? 1 : 0);
    assert.deepEqual(transport.census().writeLoops, {});
    assert.deepEqual(transport.census().readLoops, {});
  }
});

test("body: a source that always has a piece leaves the event loop its turns", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  for (const piece of [PIECE, new Uint8Array(0)]) {
    let given = 0;
    let givenInTurn: number | undefined;
    const body = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          if (given++ === 0) setTimeout(() => givenInTurn = given, 0);
          return Promise.resolve({ done: givenInTurn !== undefined || given > 100_000, value: piece });
        },
      }),
    } as AsyncIterable<Uint8Array>;
    const cancel = new AbortController();
    const outcome = failure(transport.roundTrip({ method: "POST", url: server.url, body, signal: cancel.signal }));
    await until(() => givenInTurn !== undefined, "a timer fires");
    cancel.abort();
    assert.equal((await outcome).code, "canceled");
    assert.ok(givenInTurn! <= 1000, `${givenInTurn} pieces in one turn`);
  }
});

test("body: a web stream is a source, and is cancelled with its request", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  let cancelled = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(PIECE),
    cancel: () => void (cancelled += 1),
  }, { highWaterMark: 0 });
  const cancel = new AbortController();
  const body = stream as unknown as AsyncIterable<Uint8Array>;
  const outcome = failure(transport.roundTrip({ method: "POST", url: server.url, body, signal: cancel.signal }));
  await (await server.wire()).take("piece\r\n");
  cancel.abort();
  assert.equal((await outcome).code, "canceled");
  await until(() => cancelled === 1, "the stream hears of it");
});
