// One request's bytes never become another's, wherever a server cuts, repeats or breaks off what it says.

import assert from "node:assert/strict";
import test from "node:test";
import { Transport } from "../../../lib/transport/transport.ts";
import { get } from "../../support/get.ts";
import { type ScriptedRequest, ScriptedServer } from "../../support/scripted_server.ts";

/** What the request asks for is in its path, and its answer, in one of three framings, is unlike any other's. */
function answerTo({ head }: ScriptedRequest): { readonly body: string; readonly bytes: string } {
  const number = Number(/^GET \/(\d+) /.exec(head)![1]);
  const body = bodyOf(number);
  const part = body.length >> 1;
  switch (number % 3) {
    case 0:
      return { body, bytes: `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}` };
    case 1: {
      const chunks = [body.slice(0, part), body.slice(part)].map((chunk) =>
        `${chunk.length.toString(16)}\r\n${chunk}\r\n`
      );
      return {
        body,
        bytes: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join("")}0\r\nX: y\r\n\r\n`,
      };
    }
    default:
      return {
        body,
        bytes: `HTTP/1.1 103 E\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      };
  }
}

/** Two alternating kinds: a short one, and one that looks like a response itself. */
function bodyOf(number: number): string {
  return number % 2 === 0 ? `even ${number}` : `HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nodd ${number}`;
}

/** Longest answer, and so the number of places to cut it at. */
const LONGEST = 130;

async function bodies(
  transport: Transport,
  url: string,
  count: number,
  check: (outcome: Outcome) => void,
): Promise<void> {
  for (let number = 0; number < count; number++) {
    let body: string | undefined;
    try {
      body = await get(transport, `${url}${number}`);
    } catch (error) {
      check({ number, error: error as Error });
      continue;
    }
    check({ number, body });
  }
}

interface Outcome {
  readonly number: number;
  readonly body?: string;
  readonly error?: Error;
}

test("framing: a response split at every byte is the same response", async () => {
  await using server = await ScriptedServer.start((request) => {
    const { bytes } = answerTo(request);
    request.socket.setNoDelay(true);
    const cut = Number(/^GET \/(\d+) /.exec(request.head)![1]) % LONGEST;
    request.socket.write(bytes.slice(0, cut), "latin1");
    setImmediate(() => request.socket.write(bytes.slice(cut), "latin1"));
  });
  await using transport = new Transport();
  await bodies(transport, server.url, 3 * LONGEST, ({ number, body }) => assert.equal(body, bodyOf(number)));
  assert.equal(server.dials, 1);
});

test("framing: a response that comes byte by byte is the same response", async () => {
  await using server = await ScriptedServer.start((request) => {
    request.socket.setNoDelay(true);
    void (async () => {
      for (const byte of answerTo(request).bytes) {
        request.socket.write(byte, "latin1");
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
  });
  await using transport = new Transport();
  await bodies(transport, server.url, 12, ({ number, body }) => assert.equal(body, bodyOf(number)));
  assert.equal(server.dials, 1);
});

test("framing: broken off by FIN after every byte, a response is whole or an error, and never another's", async () => {
  const seen = { whole: 0, broken: 0 };
  await using server = await ScriptedServer.start((request) => {
    const { bytes } = answerTo(request);
    request.socket.setNoDelay(true);
    const cut = Number(/^GET \/(\d+) /.exec(request.head)![1]) % LONGEST;
    request.socket.end(bytes.slice(0, cut), "latin1");
  });
  await using transport = new Transport();
  await bodies(transport, server.url, 3 * LONGEST, ({ number, body, error }) => {
    if (error === undefined) assert.equal(body, bodyOf(number));
    seen[error === undefined ? "whole" : "broken"] += 1;
  });
  assert.ok(seen.whole > 30 && seen.broken > 30, JSON.stringify(seen));
  assert.equal(transport.census().inUse, 0);
});

test("framing: broken off by RST after every byte, a response is whole or an error, and never another's", async () => {
  const seen = { whole: 0, broken: 0 };
  await using server = await ScriptedServer.start((request) => {
    const { bytes } = answerTo(request);
    request.socket.setNoDelay(true);
    const number = Number(/^GET \/(\d+) /.exec(request.head)![1]);
    const cut = number % LONGEST;
    // after each break one goes through, so that the next break meets a connection with a past
    if (request.index % 2 === 0) request.socket.write(bytes, "latin1");
    else request.socket.write(bytes.slice(0, cut), "latin1", () => request.socket.resetAndDestroy());
  });
  await using transport = new Transport();
  await bodies(transport, server.url, 6 * LONGEST, ({ number, body, error }) => {
    if (error === undefined) assert.equal(body, bodyOf(number));
    seen[error === undefined ? "whole" : "broken"] += 1;
  });
  assert.ok(seen.whole > 30 && seen.broken > 30, JSON.stringify(seen));
  assert.equal(transport.census().inUse, 0);
});

test("framing: surplus bytes of every length behind a response reach nobody", async () => {
  await using server = await ScriptedServer.start((request) => {
    const { bytes } = answerTo(request);
    request.socket.setNoDelay(true);
    const surplus = 1 + request.connection % LONGEST;
    const next = answerTo({ ...request, head: "GET /999 HTTP/1.1" }).bytes;
    request.socket.write(bytes + next.slice(0, surplus), "latin1");
  });
  await using transport = new Transport();
  await bodies(transport, server.url, LONGEST, ({ number, body }) => assert.equal(body, bodyOf(number)));
  assert.equal(server.dials, LONGEST);
  assert.deepEqual(transport.census().totals.closed, { unsolicited: LONGEST });
});

test("framing: many at once on few connections, closed early, cancelled or read, get their own bodies", async () => {
  await using server = await ScriptedServer.start((request) => {
    const { bytes } = answerTo(request);
    request.socket.setNoDelay(true);
    const cut = bytes.length >> 1;
    request.socket.write(bytes.slice(0, cut), "latin1");
    setImmediate(() => request.socket.writable && request.socket.write(bytes.slice(cut), "latin1"));
  });
  await using transport = new Transport({ maxConnsPerHost: 4, maxIdleConnsPerHost: 4 });
  let read = 0;
  await Promise.all(Array.from({ length: 300 }, async (_, number) => {
    const cancel = new AbortController();
    try {
      const { body } = await transport.roundTrip({ url: `${server.url}${number}`, signal: cancel.signal });
      if (number % 5 === 0) return body.close();
      if (number % 7 === 0) return cancel.abort();
      assert.equal(await body.text(), bodyOf(number));
      read += 1;
    } catch (error) {
      assert.equal((error as { code?: string }).code, "canceled", `request ${number}: ${error}`);
    }
  }));
  assert.ok(read > 200);
  assert.ok(transport.census().live <= 4);
});
