import assert from "node:assert/strict";
import { connect, type Socket as NetSocket } from "node:net";
import test from "node:test";
import type { TlsOptions, TLSSocket } from "node:tls";
import { currentRuntime } from "../../cli/process/runtimes.ts";
import { availableAdapters } from "../../lib/socket/detect.ts";
import type { Address, SocketAdapter } from "../../lib/socket/socket.ts";
import type { TlsSettings } from "../../lib/socket/tls.ts";
import { decode, encode } from "../conformance/content.ts";
import { dial, type Recorder, settle } from "../conformance/recorder.ts";
import { authority, type Certificate, selfSigned } from "../support/certificates.ts";
import { RawServer } from "../support/raw_server.ts";
import { TlsServer } from "../support/tls_server.ts";

const trusted = await authority();
const { ca } = trusted;
const good = await trusted.server("localhost", "127.0.0.1");
const client = await trusted.client("a client");
const ours: TlsSettings = { servername: "localhost", credentials: { ca } };

for (const adapter of availableAdapters()) {
  const check = (name: string, body: () => Promise<void>) => test(`${adapter.name} tls: ${name}`, body);
  const to = (address: Address, tls: TlsSettings): Recorder => dial(adapter, { ...address, tls });
  const outcome = (options: TlsOptions & Certificate, tls: TlsSettings) => outcomeOf(adapter, options, tls);

  check("an authority that is given is trusted, as text or as bytes, alone or among others", async () => {
    const other = (await selfSigned("elsewhere.test")).cert;
    for (const authorities of [ca, encode(ca), [other, ca], [encode(other), encode(ca)], `${other}\n${ca}`]) {
      assert.equal(await outcome(good, { servername: "localhost", credentials: { ca: authorities } }), "secure");
    }
  });

  check("an authority that is not given is not trusted", async () => {
    assert.equal(await outcome(good, { servername: "localhost" }), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    const other = (await selfSigned("localhost")).cert;
    assert.equal(
      await outcome(good, { servername: "localhost", credentials: { ca: other } }),
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    );
  });

  check("a chain up to an unknown authority is SELF_SIGNED_CERT_IN_CHAIN", async () => {
    const chain = { ...good, cert: `${good.cert}\n${ca}` };
    assert.equal(await outcome(chain, { servername: "localhost" }), "SELF_SIGNED_CERT_IN_CHAIN");
    assert.equal(await outcome(chain, ours), "secure");
  });

  check("a certificate of its own making is DEPTH_ZERO_SELF_SIGNED_CERT, unless it is given", async () => {
    const self = await selfSigned("localhost");
    assert.equal(await outcome(self, { servername: "localhost" }), "DEPTH_ZERO_SELF_SIGNED_CERT");
    assert.equal(await outcome(self, { servername: "localhost", credentials: { ca: self.cert } }), "secure");
  });

  check("a certificate out of date is refused", async () => {
    const code = await outcome(await trusted.expired("localhost"), ours);
    // Deno 2.9 maps an error that its verifier no longer gives; a later one may be right.
    const known = currentRuntime() === "deno"
      ? /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_HAS_EXPIRED)$/
      : /^CERT_HAS_EXPIRED$/;
    assert.match(code, known);
  });

  check("the certificate has to name the server, which may be an address", async () => {
    assert.equal(await outcome(good, { servername: "127.0.0.1", credentials: { ca } }), "secure");
    for (const servername of ["elsewhere.test", "127.0.0.2", "::1"]) {
      assert.equal(
        await outcome(good, { servername, credentials: { ca } }),
        "ERR_TLS_CERT_ALTNAME_INVALID",
        servername,
      );
    }
    const named = await trusted.server("elsewhere.test"); // dialed by an address that it does not name
    assert.equal(await outcome(named, { servername: "elsewhere.test", credentials: { ca } }), "secure");
  });

  check("insecure accepts every certificate", async () => {
    for (const certificate of [good, await trusted.expired("localhost"), await selfSigned("elsewhere.test")]) {
      assert.equal(await outcome(certificate, { servername: "wrong.test", insecure: true }), "secure");
    }
    assert.equal(
      await outcome(good, { servername: "localhost" }),
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "and leaves no trace",
    );
  });

  check("what is no PEM is told as such", async () => {
    for (const wrong of [{ ca: "rubbish" }, { ...client, cert: "rubbish" }, { ...client, key: "rubbish" }]) {
      const socket = to({ host: "127.0.0.1", port: 1 }, { ...ours, credentials: wrong });
      assert.deepEqual(socket.events, []);
      await socket.seen("close");
      assert.equal(socket.error?.code, "ERR_OSSL_PEM_NO_START_LINE");
    }
  });

  check("the server sees the name, but no address, and both sides the protocol picked", async () => {
    await using server = await TlsServer.listen({ ...good, ALPNProtocols: ["two", "one"] });
    const named = to(server.address, { ...ours, alpnProtocols: ["none", "one", "two"] });
    await named.seen("secure");
    const peer = await server.peer();
    assert.deepEqual([peer.servername, peer.alpnProtocol], ["localhost", named.states[0]!.alpnProtocol]);
    assert.match(String(peer.alpnProtocol), /^(one|two)$/);
    assert.deepEqual([named.states[0]!.protocol, named.states[0]!.servername], ["TLSv1.3", "localhost"]);
    assert.match(named.states[0]!.cipher, /^TLS_/);
    assert.equal(named.states[0]!.resumed, false);
    const unnamed = to(server.address, { servername: "127.0.0.1", credentials: { ca } });
    await unnamed.seen("secure");
    assert.ok(!(await server.peer(1)).servername);
    assert.equal(unnamed.states[0]!.alpnProtocol, undefined);
    named.socket.destroy();
    unnamed.socket.destroy();
  });

  check("no protocol in common is a failed handshake", async () => {
    const code = await outcome({ ...good, ALPNProtocols: ["one"] }, { ...ours, alpnProtocols: ["two"] });
    assert.equal(code, "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL");
  });

  check("the server sees the client's certificate", async () => {
    await using server = await TlsServer.listen({ ...good, ca, requestCert: true, rejectUnauthorized: true });
    const known = to(server.address, { ...ours, credentials: { ca, ...client } });
    await known.seen("secure");
    const peer = await server.peer();
    assert.equal(peer.getPeerCertificate().subject.CN, "a client");
    assert.equal(peer.authorized, true);
    known.socket.destroy();
  });

  check("a server that wants a certificate ends the connection of a client without", async () => {
    await using server = await TlsServer.listen({ ...good, ca, requestCert: true, rejectUnauthorized: true });
    const unknown = to(server.address, ours);
    await unknown.until(() => unknown.has("end") || unknown.has("close"), "the refusal"); // after secure, in TLS 1.3
    assert.deepEqual(server.accepted, []);
    assert.equal(unknown.text, "");
    unknown.socket.destroy();
  });

  check("TLS 1.2 is spoken where the server knows nothing newer", async () => {
    await using server = await TlsServer.listen({ ...good, maxVersion: "TLSv1.2" }, (peer) => peer.end("old"));
    const socket = to(server.address, ours);
    await socket.seen("end");
    assert.equal(socket.states[0]!.protocol, "TLSv1.2");
    assert.equal(socket.text, "old");
    socket.socket.destroy();
  });

  for (
    const [what, act, code] of [
      ["that ends at once", (peer) => peer.end(), "ECONNRESET"],
      ["that ends in mid-handshake", (peer) => peer.once("data", () => peer.end()), "ECONNRESET"],
      ["that resets in mid-handshake", (peer) => peer.once("data", () => peer.resetAndDestroy()), "ECONNRESET"],
      [
        "that answers in the plain",
        (peer) => peer.write("HTTP/1.1 400 Bad Request\r\n\r\n"),
        "ERR_SSL_WRONG_VERSION_NUMBER",
      ],
    ] as [string, (peer: NetSocket) => void, string][]
  ) {
    check(`a peer ${what} is ${code}`, async () => {
      await using server = await rawServer(act);
      const socket = to(server.address, ours);
      await socket.seen("close");
      assert.equal(socket.error?.code, code);
      await settle();
      assert.deepEqual(socket.events, ["open", "close"]);
    });
  }

  check("an end without a close_notify is an end", async () => {
    await using server = await TlsServer.listen(good);
    const socket = to(server.address, ours);
    (await server.peer()).write("half a mess");
    await socket.received(11);
    server.outer[0]!.end();
    await socket.seen("end");
    assert.deepEqual(socket.events, ["open", "secure", "data", "end"]);
    socket.socket.destroy();
  });

  check("TLS starts on a connection that has been used in the plain", async () => {
    await using tlsServer = await TlsServer.listen(good, (peer) => peer.pipe(peer));
    await using proxy = await rawServer((peer) => tunnel(peer, tlsServer.port));
    const socket = dial(adapter, { ...proxy.address, upgradable: true });
    const plain: string[] = [];
    socket.during.data = (view) => {
      plain.push(decode(view!));
      socket.during = {};
      socket.socket.startTls(ours);
      assert.equal(socket.socket.write(encode("kept, ")), false);
    };
    socket.socket.write(encode("CONNECT"));
    await socket.seen("secure");
    assert.deepEqual(plain, ["200"]);
    socket.socket.write(encode("then more"));
    socket.socket.end();
    await socket.seen("close");
    assert.equal(socket.text, "200kept, then more");
    assert.equal(socket.error, undefined);
    assert.deepEqual(socket.events, ["open", "data", "secure", "drain", "data", "end", "close"]);
  });

  check("TLS that starts later is verified too", async () => {
    await using tlsServer = await TlsServer.listen(good);
    for (
      const [tls, code] of [[{ ...ours, credentials: undefined }, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"], [{
        ...ours,
        servername: "wrong.test",
      }, "ERR_TLS_CERT_ALTNAME_INVALID"]] as const
    ) {
      const socket = dial(adapter, { ...tlsServer.address, upgradable: true });
      socket.during.open = () => {
        socket.socket.startTls(tls);
        socket.socket.write(encode("for the right server only"));
      };
      await socket.seen("close");
      assert.equal(socket.error?.code, code);
      await settle();
      assert.deepEqual(socket.events, ["open", "close"]);
    }
  });

  check("TLS in TLS: through a proxy that ends the outer one", async () => {
    await using inner = await TlsServer.listen(good, (peer) => peer.pipe(peer));
    await using proxy = await TlsServer.listen(await trusted.server("proxy.test"), (peer) => tunnel(peer, inner.port));
    const outer = { servername: "proxy.test", credentials: { ca } };
    for (const [tls, code] of [[ours, undefined], [outer, "ERR_TLS_CERT_ALTNAME_INVALID"]] as const) {
      const socket = dial(adapter, { ...proxy.address, tls: outer, upgradable: true });
      socket.during.data = () => {
        socket.during = {};
        socket.socket.startTls(tls);
      };
      socket.during.secure = () => socket.socket.write(encode("CONNECT"));
      await socket.until(() => socket.states.length === 2 || socket.has("close"), "the inner handshake");
      assert.equal(socket.error?.code, code);
      if (code !== undefined) continue;
      assert.deepEqual(socket.states.map((state) => state.servername), ["proxy.test", "localhost"]);
      socket.socket.write(encode("deep inside"));
      socket.socket.end();
      await socket.seen("close");
      assert.equal(socket.text, "200deep inside");
      assert.equal(socket.error, undefined);
    }
  });

  check("startTls is refused on a socket that is not upgradable, or not open", async () => {
    await using server = await TlsServer.listen(good);
    const plain = dial(adapter, server.address);
    await plain.seen("open");
    assert.throws(() => plain.socket.startTls(ours), /upgradable/);
    const early = dial(adapter, { ...server.address, upgradable: true });
    assert.throws(() => early.socket.startTls(ours), /open/);
    plain.socket.destroy();
    early.socket.destroy();
  });
}

/** What a handshake with these settings comes to. */
async function outcomeOf(adapter: SocketAdapter, options: TlsOptions & Certificate, tls: TlsSettings): Promise<string> {
  await using server = await TlsServer.listen(options, (peer) => peer.write("secret"));
  const socket = dial(adapter, { ...server.address, tls });
  socket.socket.write(encode("for the right server only"));
  await socket.until(() => socket.has("secure") || socket.has("close"), "the end of the handshake");
  const { error, text } = socket;
  if (error !== undefined) {
    await settle();
    assert.deepEqual([socket.events, text], [["open", "close"], ""]);
    for (const peer of server.accepted) assert.equal(peer.read(), null);
  }
  socket.socket.destroy();
  return error?.code ?? "secure";
}

async function rawServer(onConnection: (peer: NetSocket) => void): Promise<RawServer & AsyncDisposable> {
  const server = await RawServer.listen(onConnection);
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() });
}

/** A proxy's answer to CONNECT, and the tunnel behind it. */
function tunnel(peer: NetSocket | TLSSocket, port: number): void {
  peer.once("data", () => {
    const onward = connect({ host: "127.0.0.1", port, allowHalfOpen: true }, () => {
      peer.write("200");
      peer.pipe(onward).pipe(peer);
    });
    onward.on("error", () => peer.destroy());
    peer.on("close", () => onward.destroy());
  });
}
