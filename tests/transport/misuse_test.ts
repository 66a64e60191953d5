// What callers without a type checker get wrong: one line that names it, of the class that all other failures have.

import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { Client, type ClientOptions } from "../../lib/client/client.ts";
import type { TransportOptions } from "../../lib/transport/options/options.ts";
import type { HeadersInput } from "../../lib/transport/request/header_pairs.ts";
import type { Trace } from "../../lib/transport/trace.ts";
import { Transport } from "../../lib/transport/transport.ts";
import { TransportError } from "../../lib/transport/transport_error.ts";
import { failure } from "../support/get.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";

const NOBODY = "http://127.0.0.1:1/";

const WRONG: readonly (readonly [headers: unknown, code: string, message: RegExp])[] = [
  [{ "x-key": undefined }, "badHeaderValue", /for "x-key": expected text, got undefined$/],
  [{ "x-key": 5 }, "badHeaderValue", /for "x-key": expected text, got number$/],
  [{ "x-key": ["a", null] }, "badHeaderValue", /for "x-key": expected text, got null$/],
  [[["x-key"]], "badHeaderValue", /for "x-key": expected text, got undefined$/],
  [[["x-key", 5]], "badHeaderValue", /for "x-key": expected text, got number$/],
  ["x-key: 5", "badHeaders", /^headers are an object/],
  [null, "badHeaders", /^headers are an object/],
];

test("headers: what is no text is refused by name, by the transport and by the client", async () => {
  await using transport = new Transport();
  await using client = new Client({ transport });
  for (const [headers, code, message] of WRONG) {
    const request = { url: NOBODY, headers: headers as HeadersInput };
    for (const call of [transport.roundTrip(request), client.do(request)]) {
      const error = await failure(call);
      assert.ok(error instanceof TransportError, String(error));
      assert.deepEqual([error.code, error.phase, error.side], [code, "write", "local"]);
      assert.match(error.message, message);
    }
  }
});

test("url: an invalid one is named without its password, however it is written and however it is shown", async () => {
  await using transport = new Transport();
  await using client = new Client({ transport });
  for (
    const [url, shown] of [
      ["http://me:hunter2@ho st/", "http://***@ho st/"],
      ["http://me:hun/ter2@host/", "http://***@host/"],
      ["http:me:hunter2@ho st/", "***@ho st/"],
      ["//me:hunter2@host/", "***@host/"],
    ] as const
  ) {
    for (const call of [transport.roundTrip({ url }), client.get(url), transport.fetch(url), client.fetch(url)]) {
      const error = await failure(call);
      assert.doesNotMatch(inspect(error, { depth: 9, showHidden: true }), /hunter2|ter2/, url);
      const own = error instanceof TransportError ? error : error.cause as TransportError;
      assert.deepEqual([own.code, own.message], ["invalidUrl", `invalid URL ${JSON.stringify(shown)}`]);
    }
  }
});

test("dial: a refused connect's message names the address", async () => {
  await using transport = new Transport();
  const { message } = await failure(transport.roundTrip({ url: NOBODY }));
  assert.equal(message, "dial: connect ECONNREFUSED 127.0.0.1:1");
  await using local = new Transport({ unixSocket: "/nowhere/socket" });
  assert.equal((await failure(local.roundTrip({ url: NOBODY }))).message, "dial: connect ENOENT /nowhere/socket");
});

test("options: a name that nobody knows and a value of another kind are refused by name, without the value", async () => {
  const cert = "-----BEGIN CERTIFICATE-----";
  for (
    const [options, message] of [
      [{ maxConnPerHost: 3 }, "invalid option maxConnPerHost: there is none of this name"],
      [{ tls: true }, "invalid option tls: expected an object, got boolean"],
      [{ tls: { rejectUnauthorized: false } }, "invalid option tls.rejectUnauthorized: there is none of this name"],
      [{ tls: { key: { pem: "secret" } } }, "invalid option tls.key: expected a string or bytes, got object"],
      [{ tls: { cert } }, "invalid option tls: a client certificate needs cert and key, and key is missing"],
      [{ tls: { key: "secret" } }, "invalid option tls: a client certificate needs cert and key, and cert is missing"],
      [{ proxy: 5 }, "invalid option proxy: expected a string or an object or a function, got number"],
      [{ drainOnClose: "no" }, "invalid option drainOnClose: expected a boolean, got string"],
      [null, "invalid options: expected an object, got null"],
      [5, "invalid options: expected an object, got number"],
    ] as const
  ) {
    const make = () => new Transport(options as unknown as TransportOptions);
    assert.throws(make, { name: "TransportError", code: "badOption", side: "local", message });
  }
  const followed = { followRedirects: false } as unknown as ClientOptions;
  const message = "invalid option followRedirects: there is none of this name";
  assert.throws(() => new Client(followed), { name: "TransportError", code: "badOption", message });
  await using client = new Client({ jar: false, timeoutMs: undefined });
  assert.equal(client.jar, undefined);
});

test("options: what should be a number and is none is refused by name", async () => {
  for (
    const [make, message] of [
      [() => new Transport({ maxConnsPerHost: NaN }), "invalid option maxConnsPerHost: expected a number, got NaN"],
      [
        () => new Transport({ idleConnTimeoutMs: "90s" as unknown as number }),
        'invalid option idleConnTimeoutMs: expected a number, got "90s"',
      ],
      [
        () => new Client({ timeoutMs: "5s" as unknown as number }),
        'invalid option timeoutMs: expected a number, got "5s"',
      ],
    ] as const
  ) {
    assert.throws(make, { name: "TransportError", code: "badOption", side: "local", message });
  }
  await new Transport({ maxConnsPerHost: Infinity, dialTimeoutMs: undefined }).close();
});

test("signal: what is none fails its request alone", async () => {
  await using client = new Client({ timeoutMs: 1 });
  const error = await failure(client.do({ url: NOBODY, signal: {} as AbortSignal }));
  assert.ok(error instanceof TypeError);
  await new Promise((resolve) => setTimeout(resolve, 20)); // a time limit left behind would throw at nobody
});

test("trace: null is none", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport();
  for (let i = 0; i < 2; i++) {
    const response = await transport.roundTrip({ url: server.url, trace: null as unknown as Trace });
    assert.equal(await response.body.text(), "x");
  }
  assert.equal(server.dials, 1);
});
