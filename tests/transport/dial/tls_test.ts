import assert from "node:assert/strict";
import test from "node:test";
import type { TlsOptions as ServerOptions } from "node:tls";
import { currentRuntime } from "../../../cli/process/runtimes.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { authority } from "../../support/certificates.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { failure, get } from "../../support/get.ts";
import { ok, until } from "../../support/scripted_server.ts";
import { StallingAdapter } from "../../support/stalling_adapter.ts";
import { type Wire, WireServer } from "../../support/wire_server.ts";

const { ca } = await authority();
const ours = await (await authority()).server("127.0.0.1", "localhost", "here.test");

/** Answers every request; over TLS with the given certificate. */
function secured(
  options: ServerOptions = ours,
  answer: (wire: Wire) => string = () => ok("secret"),
): Promise<WireServer> {
  return WireServer.start((wire) => {
    const next = (): void => {
      wire.take().then(() => {
        wire.send(answer(wire));
        next();
      }, () => {});
    };
    next();
  }, { ALPNProtocols: ["http/1.1"], ...options });
}

test("tls: a known authority's certificate is accepted, and the connection is used again", async () => {
  await using server = await secured();
  await using transport = new Transport({ tls: { ca } });
  for (let i = 0; i < 3; i++) {
    const response = await transport.roundTrip({ url: server.url });
    assert.equal(await response.body.text(), "secret");
    const tls = response.tls!;
    assert.match(tls.protocol, /^TLSv1\.[23]$/);
    assert.notEqual(tls.cipher, "");
    assert.deepEqual([tls.alpnProtocol, tls.servername], ["http/1.1", "127.0.0.1"]);
  }
  assert.equal(server.dials, 1);
});

test("tls: a plain response has no TLS state, and http and https to one port share no connection", async () => {
  await using server = await secured();
  await using plain = await WireServer.start((wire) => void wire.take().then(() => wire.send(ok("open"))));
  await using transport = new Transport({ tls: { ca } });
  const response = await transport.roundTrip({ url: plain.url });
  assert.equal(response.tls, undefined);
  await response.body.text();
  await get(transport, server.url);
  const error = await failure(get(transport, server.url.replace("https", "http")));
  assert.equal(error.side, "remote");
  assert.equal(await get(transport, server.url), "secret");
});

/** Deno 2.9 maps an error that its verifier no longer gives; a later one may be right. */
const EXPIRED = currentRuntime() === "deno"
  ? /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_HAS_EXPIRED)$/
  : /^CERT_HAS_EXPIRED$/;

const REFUSED:
  readonly (readonly [what: string, server: () => Promise<ServerOptions>, trust: boolean, code: RegExp])[] = [
    [
      "an unknown authority",
      () => Promise.resolve(ours),
      false,
      /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)$/,
    ],
    [
      "another name",
      async () => await (await authority()).server("other.test"),
      true,
      /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    ],
    ["an expired certificate", async () => await (await authority()).expired("127.0.0.1"), true, EXPIRED],
  ];

for (const [what, certificate, trust, code] of REFUSED) {
  test(`tls: ${what} is refused, nothing is sent, and insecure takes it only when asked to`, async () => {
    await using server = await secured(await certificate());
    await using transport = new Transport({ tls: trust ? { ca } : {} });
    const error = await failure(transport.roundTrip({ url: server.url }));
    assert.match(error.code, code);
    assert.deepEqual([error.name, error.phase, error.side], ["TransportError", "tls", "remote"]);
    assert.deepEqual([transport.census().dialing, transport.census().live], [0, 0]);
    assert.ok(server.wires.every((wire) => wire.text === ""), "a request reached the server");
    await using reckless = new Transport({ tls: { ...(trust ? { ca } : {}), insecure: true } });
    assert.equal(await get(reckless, server.url), "secret");
    // a session that nobody verified is not resumed by who does verify
    await using strict = new Transport({ tls: trust ? { ca } : {} });
    assert.match((await failure(strict.roundTrip({ url: server.url }))).code, code);
  });
}

test("tls: credentials that are none are the caller's fault, and said so", async () => {
  await using server = await secured();
  const client = await (await authority()).client("a tester");
  for (const tls of [{ ca: "ca.pem" }, { ca, cert: client.cert, key: "key.pem" }]) {
    await using transport = new Transport({ tls });
    const { message, code, phase, side } = await failure(transport.roundTrip({ url: server.url }));
    assert.deepEqual([message, code], ["tls: not a PEM: no BEGIN line", "ERR_OSSL_PEM_NO_START_LINE"]);
    assert.deepEqual([phase, side], ["tls", "local"]);
  }
});

test("tls: servername is what is asked for and verified, instead of the URL's host", async () => {
  await using server = await secured();
  await using transport = new Transport({ tls: { ca, servername: "here.test" } });
  const response = await transport.roundTrip({ url: server.url });
  assert.equal(response.tls!.servername, "here.test");
  await response.body.text();
  assert.equal((server.wires[0]!.socket as unknown as { servername: string }).servername, "here.test");
  await using wrong = new Transport({ tls: { ca, servername: "elsewhere.test" } });
  assert.equal((await failure(wrong.roundTrip({ url: server.url }))).code, "ERR_TLS_CERT_ALTNAME_INVALID");
});

test("tls: a name in the URL is resolved for the dial and sent as SNI", async () => {
  await using server = await secured();
  const resolver = {
    resolve: (_: string, done: (error: undefined, addresses: readonly string[]) => void) =>
      queueMicrotask(() => done(undefined, ["127.0.0.1"])),
  };
  await using transport = new Transport({ tls: { ca }, resolver });
  assert.equal(await get(transport, `https://here.test:${server.port}/`), "secret");
  assert.equal((server.wires[0]!.socket as unknown as { servername: string }).servername, "here.test");
  assert.match(server.wires[0]!.text, new RegExp(`^GET / HTTP/1.1\r\nHost: here.test:${server.port}\r\n`));
  assert.equal(await get(transport, `https://here.test.:${server.port}/`), "secret");
  assert.equal((server.wires[1]!.socket as unknown as { servername: string }).servername, "here.test");
});

test("tls: connections to whatever host share their credentials, and with them the costly part of a handshake", async () => {
  await using server = await secured();
  const adapter = new StallingAdapter(() => false);
  await using transport = new Transport({ adapter, disableKeepAlives: true, tls: { ca } });
  for (const host of ["127.0.0.1", "localhost", "127.0.0.1"]) await get(transport, `https://${host}:${server.port}/`);
  assert.equal(adapter.addresses.length, 3);
  assert.equal(new Set(adapter.addresses.map(({ tls }) => tls?.credentials)).size, 1);
});

test("tls: a client's certificate is shown to a server that asks for one", async () => {
  const client = await (await authority()).client("a tester");
  await using server = await secured({
    ...ours,
    ca,
    requestCert: true,
    rejectUnauthorized: true,
    maxVersion: "TLSv1.2",
  });
  await using transport = new Transport({ tls: { ca, cert: client.cert, key: client.key } });
  assert.equal(await get(transport, server.url), "secret");
  await using nameless = new Transport({ tls: { ca } });
  const error = await failure(get(nameless, server.url));
  assert.equal(error.side, "remote");
  assert.equal(nameless.census().live, 0);
});

test("tls: a trace is told where a connection goes, and no key", async () => {
  await using server = await secured();
  await using transport = new Transport({ tls: { ca, ...ours } });
  const told: unknown[] = [];
  const trace = {
    connectStart: (address: unknown) => void told.push(address),
    connectDone: ({ address }: { address: unknown }) => void told.push(address),
  };
  assert.equal(await get(transport, server.url, { trace }), "secret");
  assert.deepEqual(told, Array(2).fill({ host: "127.0.0.1", port: server.port }));
});

test("tls: a server that accepts and says nothing is a TLS handshake timeout", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock, tlsHandshakeTimeoutMs: 10_000, maxConnsPerHost: 1 });
  const response = failure(transport.roundTrip({ url: server.url.replace("http", "https") }));
  const wire = await server.wire();
  await wire.takeBytes(1);
  await until(() => clock.timers(10_000) === 1, "the handshake's timer runs");
  clock.advance(9999);
  assert.equal(transport.census().dialing, 1);
  clock.advance(1);
  const error = await response;
  assert.deepEqual([error.message, error.code, error.phase, error.side], [
    "TLS handshake timeout",
    "tlsHandshakeTimeout",
    "tls",
    "remote",
  ]);
  await wire.end();
  assert.deepEqual([transport.census().dialing, transport.census().live], [0, 0]);
});

test("tls: the time limit of a handshake ends with it", async () => {
  const clock = new FakeClock();
  await using server = await secured();
  await using transport = new Transport({ clock, tlsHandshakeTimeoutMs: 10_000, tls: { ca } });
  for (let i = 0; i < 2; i++) {
    assert.equal(await get(transport, server.url), "secret");
    assert.equal(clock.timers(10_000), 0);
    clock.advance(10_000);
  }
  assert.equal(server.dials, 1);
});

test("tls: the dial timeout does not count a handshake", async () => {
  const clock = new FakeClock();
  await using server = await WireServer.start();
  await using transport = new Transport({ clock, dialTimeoutMs: 1000, tlsHandshakeTimeoutMs: 10_000 });
  const response = failure(transport.roundTrip({ url: server.url.replace("http", "https") }));
  await (await server.wire()).takeBytes(1);
  await until(() => clock.timers(10_000) === 1, "the handshake's timer runs");
  clock.advance(5000);
  assert.equal(transport.census().dialing, 1);
  clock.advance(5000);
  assert.equal((await response).code, "tlsHandshakeTimeout");
});

test("tls: a server that hangs up or speaks something else in the handshake is an error of it", async () => {
  for (const answer of ["", "HTTP/1.1 400 Bad Request\r\n\r\n"]) {
    await using server = await WireServer.start((wire) => void wire.takeBytes(1).then(() => wire.socket.end(answer)));
    await using transport = new Transport();
    const error = await failure(transport.roundTrip({ url: server.url.replace("http", "https") }));
    assert.deepEqual([error.phase, error.side], ["tls", "remote"]);
    assert.equal(transport.census().dialing, 0);
  }
});

test("tls: cancelling in mid-handshake is an error at once, and the dial goes on", async () => {
  await using server = await WireServer.start();
  await using transport = new Transport();
  const cancel = new AbortController();
  const url = server.url.replace("http", "https");
  const response = failure(transport.roundTrip({ url, signal: cancel.signal }));
  await (await server.wire()).takeBytes(1);
  cancel.abort();
  assert.equal((await response).code, "canceled");
  assert.equal(transport.census().dialing, 1);
  transport.closeIdleConnections();
  await server.wires[0]!.end();
});

test("tls: a key that is none fails the request, not the process", async () => {
  // the server wants a certificate, because Deno leaves out one that it can not read
  await using server = await secured({
    ...ours,
    ca,
    requestCert: true,
    rejectUnauthorized: true,
    maxVersion: "TLSv1.2",
  });
  await using transport = new Transport({ tls: { ca, cert: "nonsense", key: "nonsense" } });
  const error = await failure(transport.roundTrip({ url: server.url }));
  assert.deepEqual([error.name, transport.census().dialing, transport.census().live], ["TransportError", 0, 0]);
});

test("tls: 2 MiB and a truncated body come over TLS as they do without", async () => {
  const size = 2 * 1024 * 1024;
  await using server = await secured(ours, () => ok("x".repeat(size)));
  await using transport = new Transport({ tls: { ca } });
  for (let i = 0; i < 2; i++) assert.equal((await get(transport, server.url)).length, size);
  assert.equal(server.dials, 1);
  await using cut = await WireServer.start((wire) => {
    void wire.take().then(() => wire.socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
  }, ours);
  await assert.rejects(get(transport, cut.url), { code: "unexpectedEof", phase: "body" });
});
