import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import process from "node:process";
import test from "node:test";
import { inspect } from "node:util";
import { Transport } from "../../../lib/transport/transport.ts";
import { authority } from "../../support/certificates.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { failure, get } from "../../support/get.ts";
import { deadPort } from "../../support/raw_server.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";
import { type Wire, WireServer } from "../../support/wire_server.ts";

const { ca } = await authority();
const certificate = await (await authority()).server("127.0.0.1", "target.test");
/** "user:secret", as Basic has it. */
const BASIC = `Basic ${btoa("user:secret")}`;

function withUser(url: string): string {
  return url.replace("://", "://user:secret@");
}

/** Passes everything on between a proxy's client and a port. */
function relay(wire: Wire, port: number): Socket {
  const onward = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  onward.on("error", () => wire.socket.destroy());
  wire.socket.removeAllListeners("data");
  wire.socket.pipe(onward).pipe(wire.socket);
  return onward;
}

/** Opens a tunnel to `port` for every CONNECT. */
async function openTunnel(wire: Wire, port: number): Promise<string> {
  const head = await wire.take();
  wire.send("HTTP/1.1 200 Connection established\r\n\r\n");
  relay(wire, port);
  return head;
}

/** Over TLS; answers every request. */
function target(): Promise<WireServer> {
  return WireServer.start((wire) => {
    const next = (): void => {
      wire.take().then(() => {
        wire.send(ok("from the target"));
        next();
      }, () => {});
    };
    next();
  }, { ...certificate, ALPNProtocols: ["http/1.1"] });
}

/** Nothing of an error shows the password. */
function keepsSecret(error: Error): void {
  for (let each: unknown = error; each !== undefined; each = (each as Error).cause) {
    const shown = `${inspect(each, { depth: 9, showHidden: true })} ${String(each)} ${(each as Error).stack}`;
    assert.doesNotMatch(shown, /secret|dXNlcjpzZWNyZXQ/);
  }
}

test("proxy: plain http goes out as an absolute URI with Proxy-Authorization, and one connection serves many hosts", async () => {
  await using proxy = await ScriptedServer.start(({ socket, head }) => socket.write(ok(head.split(" ")[1]!)));
  await using transport = new Transport({ proxy: withUser(proxy.url) });
  assert.equal(await get(transport, "http://one.test/a?b"), "http://one.test/a?b");
  assert.equal(await get(transport, "http://two.test:8080/"), "http://two.test:8080/");
  assert.equal(await get(transport, "http://[::1]/"), "http://[::1]/");
  assert.equal(proxy.dials, 1);
  assert.match(
    proxy.heads[0]!,
    new RegExp(
      `^GET http://one\\.test/a\\?b HTTP/1\\.1\r\nHost: one\\.test\r\n[^]*\r\nProxy-Authorization: ${BASIC}\r\n`,
    ),
  );
  assert.match(proxy.heads[1]!, /\r\nHost: two\.test:8080\r\n/);
});

test("proxy: without a user no authorization is sent", async () => {
  await using proxy = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ proxy: proxy.url });
  await get(transport, "http://one.test/");
  assert.doesNotMatch(proxy.heads[0]!, /proxy-authorization/i);
});

test("proxy: the absolute URI names the host that the caller's Host field names", async () => {
  await using proxy = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ proxy: proxy.url });
  await get(transport, "http://one.test:8080/a", { headers: { Host: "virtual.test" } });
  assert.match(proxy.heads[0]!, /^GET http:\/\/virtual\.test\/a HTTP\/1\.1\r\nHost: virtual\.test\r\n/);
});

test("proxy: beside an empty Host field the absolute URI still names the URL's host", async () => {
  await using proxy = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  await using transport = new Transport({ proxy: proxy.url });
  assert.equal(await get(transport, "http://target.test/a", { headers: { Host: "" } }), "x");
  assert.match(proxy.heads[0]!, /^GET http:\/\/target\.test\/a HTTP\/1\.1\r\nHost: \r\n/);
});

test("proxy: an https target is reached by CONNECT, with TLS inside, one tunnel per host", async () => {
  await using server = await target();
  const heads: Promise<string>[] = [];
  await using proxy = await WireServer.start((wire) => void heads.push(openTunnel(wire, server.port)));
  await using transport = new Transport({ proxy: withUser(proxy.url), tls: { ca } });
  for (let i = 0; i < 2; i++) {
    const response = await transport.roundTrip({ url: `https://target.test:${server.port}/path` });
    assert.equal(await response.body.text(), "from the target");
    assert.deepEqual([response.tls!.servername, response.tls!.alpnProtocol], ["target.test", "http/1.1"]);
  }
  assert.deepEqual([proxy.dials, server.dials], [1, 1]);
  const peer = `target.test:${server.port}`;
  assert.equal(
    await heads[0],
    `CONNECT ${peer} HTTP/1.1\r\nHost: ${peer}\r\nUser-Agent: loadgen/0.1\r\nProxy-Authorization: ${BASIC}\r\n\r\n`,
  );
  assert.match(server.wires[0]!.text, new RegExp(`^GET /path HTTP/1.1\r\nHost: ${peer}\r\n`));
  assert.doesNotMatch(server.wires[0]!.text, /proxy-authorization/i);
  assert.equal(await get(transport, `https://127.0.0.1:${server.port}/`), "from the target");
  assert.deepEqual([proxy.dials, server.dials], [2, 2]);
});

test("proxy: CONNECT without a port names 443", async () => {
  await using proxy = await WireServer.start();
  await using transport = new Transport({ proxy: proxy.url });
  const response = failure(transport.roundTrip({ url: "https://target.test/" }));
  const wire = await proxy.wire();
  assert.match(await wire.take(), /^CONNECT target\.test:443 HTTP\/1\.1\r\nHost: target\.test:443\r\n/);
  wire.socket.end();
  const error = await response;
  assert.deepEqual([error.phase, error.side], ["proxy", "remote"]);
});

test("proxy: the target's certificate is verified inside the tunnel", async () => {
  await using server = await target();
  await using proxy = await WireServer.start((wire) => void openTunnel(wire, server.port));
  await using transport = new Transport({ proxy: proxy.url, tls: { ca } });
  const error = await failure(transport.roundTrip({ url: `https://elsewhere.test:${server.port}/` }));
  assert.deepEqual([error.code, error.phase], ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"]);
  assert.ok(server.wires.every((wire) => wire.text === ""));
});

test("proxy: a hanging CONNECT ends after one minute", async () => {
  const clock = new FakeClock();
  await using proxy = await WireServer.start();
  await using transport = new Transport({ proxy: withUser(proxy.url), clock, maxConnsPerHost: 1 });
  const response = failure(transport.roundTrip({ url: "https://target.test/" }));
  const wire = await proxy.wire();
  await wire.take();
  wire.send("HTTP/1.1 200 OK\r\nX-Slow: ");
  clock.advance(59_999);
  assert.equal(transport.census().dialing, 1);
  clock.advance(1);
  const error = await response;
  assert.deepEqual([error.code, error.phase, error.side], ["proxyTimeout", "proxy", "remote"]);
  keepsSecret(error);
  await wire.end();
  assert.deepEqual([transport.census().dialing, transport.census().live], [0, 0]);
  const next = failure(transport.roundTrip({ url: "https://target.test/" }));
  (await proxy.wire(1)).socket.end("HTTP/1.1 407 Who?\r\n\r\n");
  assert.equal((await next).code, "proxyRefused");
});

for (
  const status of [
    "201 Created",
    "204 No Content",
    "302 Found",
    "403 Forbidden",
    "407 Proxy Authentication Required",
    "500",
  ]
) {
  test(`proxy: ${status} to CONNECT is a refusal: 200 is the only good answer`, async () => {
    await using proxy = await WireServer.start((wire) =>
      void wire.take().then(() => wire.send(`HTTP/1.1 ${status}\r\nContent-Length: 4\r\n\r\nbody`))
    );
    await using transport = new Transport({ proxy: withUser(proxy.url) });
    const error = await failure(transport.roundTrip({ url: "https://target.test/" }));
    assert.deepEqual([error.code, error.phase, error.side], ["proxyRefused", "proxy", "remote"]);
    assert.equal(error.message, `proxy refused CONNECT: ${status}`);
    keepsSecret(error);
    await proxy.wires[0]!.end();
    assert.deepEqual([transport.census().dialing, transport.census().live, proxy.dials], [0, 0, 1]);
  });
}

test("proxy: garbage, an oversized head or an end instead of an answer to CONNECT is the proxy's fault", async () => {
  const answers = [
    ["SSH-2.0-x\r\n\r\n", "malformedResponse"],
    [`HTTP/1.1 200 OK\r\nX: ${"y".repeat(5000)}\r\n\r\n`, "headTooLarge"],
    [`HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(200)}\r\n`, "tooManyFields"],
    ["", "ECONNRESET"],
    ["HTTP/1.1 200 OK\r\n", "ECONNRESET"],
  ] as const;
  for (const [answer, code] of answers) {
    await using proxy = await WireServer.start((wire) => void wire.take().then(() => wire.socket.end(answer)));
    const limits = { maxResponseHeaderBytes: 4096, maxResponseHeaderFields: 100 };
    await using transport = new Transport({ proxy: withUser(proxy.url), ...limits });
    const error = await failure(transport.roundTrip({ url: "https://target.test/" }));
    assert.deepEqual([error.code, error.phase, error.side], [code, "proxy", "remote"]);
    keepsSecret(error);
  }
});

test("proxy: 1xx before the answer to CONNECT are skipped, and an answer may come byte by byte", async () => {
  await using server = await target();
  await using proxy = await WireServer.start((wire) =>
    void wire.take().then(async () => {
      for (const byte of "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nX: y\r\n\r\n") {
        wire.send(byte);
        await new Promise((resolve) => setImmediate(resolve));
      }
      relay(wire, server.port);
    })
  );
  await using transport = new Transport({ proxy: proxy.url, tls: { ca } });
  assert.equal(await get(transport, `https://target.test:${server.port}/`), "from the target");
});

test("proxy: a target that no CONNECT can name is the caller's error, and frees its slot", async () => {
  await using proxy = await WireServer.start();
  await using transport = new Transport({ proxy: proxy.url });
  const error = await failure(transport.roundTrip({ url: 'https://a"b/', headers: { Host: "allowed" } }));
  assert.deepEqual([error.code, error.side, error.phase], ["badHost", "local", "proxy"]);
  const { live, dialing, waiting } = transport.census();
  assert.deepEqual({ live, dialing, waiting }, { live: 0, dialing: 0, waiting: 0 });
  const wire = await proxy.wire();
  await wire.end();
  assert.equal(wire.text, "");
});

test("proxy: one that can not be reached is an error of the proxy", async () => {
  await using transport = new Transport({ proxy: `http://user:secret@127.0.0.1:${await deadPort()}` });
  for (const url of ["http://one.test/", "https://one.test/"]) {
    const error = await failure(transport.roundTrip({ url }));
    assert.deepEqual([error.code, error.phase, error.side], ["ECONNREFUSED", "proxy", "remote"]);
    assert.match(error.message, /^proxyconnect: /);
    keepsSecret(error);
  }
});

test("proxy: an https proxy is spoken to over TLS, and an https target in TLS over TLS", async () => {
  await using server = await target();
  const heads: string[] = [];
  await using proxy = await WireServer.start((wire) => {
    void wire.take().then((head) => {
      heads.push(head);
      if (head.startsWith("CONNECT")) {
        wire.send("HTTP/1.1 200 OK\r\n\r\n");
        relay(wire, server.port);
      } else wire.send(ok("from the proxy"));
    });
  }, { ...certificate, ALPNProtocols: ["http/1.1"] });
  await using transport = new Transport({ proxy: withUser(proxy.url), tls: { ca } });
  for (let i = 0; i < 2; i++) {
    const response = await transport.roundTrip({ url: `https://target.test:${server.port}/` });
    assert.equal(await response.body.text(), "from the target");
    assert.equal(response.tls!.servername, "target.test");
  }
  assert.equal(await get(transport, "http://plain.test/"), "from the proxy");
  assert.deepEqual([proxy.dials, server.dials], [2, 1]);
  assert.match(
    heads[0]!,
    new RegExp(`^CONNECT target\\.test:${server.port} [^]*\r\nProxy-Authorization: ${BASIC}\r\n`),
  );
  assert.match(heads[1]!, new RegExp(`^GET http://plain\\.test/ [^]*\r\nProxy-Authorization: ${BASIC}\r\n`));
});

test("proxy: an https proxy's certificate is verified against the proxy's name", async () => {
  const other = await (await authority()).server("other.test");
  await using proxy = await WireServer.start(() => {}, other);
  await using transport = new Transport({ proxy: withUser(proxy.url), tls: { ca } });
  const error = await failure(transport.roundTrip({ url: "http://plain.test/" }));
  assert.equal(error.code, "ERR_TLS_CERT_ALTNAME_INVALID");
  keepsSecret(error);
});

/** A SOCKS 5 server of the fewest bytes (RFC 1928, RFC 1929), which then relays; resolves with the target asked for. */
async function socks(wire: Wire, port: number, login: boolean): Promise<string> {
  const methods = await wire.takeBytes(login ? 4 : 3);
  assert.equal(methods, login ? "\x05\x02\x00\x02" : "\x05\x01\x00");
  if (login) {
    wire.send("\x05\x02");
    assert.equal(await wire.takeBytes(13), "\x01\x04user\x06secret");
    wire.send("\x01\x00");
  } else wire.send("\x05\x00");
  const start = await wire.takeBytes(5);
  assert.equal(start.slice(0, 4), "\x05\x01\x00\x03");
  const name = await wire.takeBytes(start.charCodeAt(4));
  const [high, low] = await wire.takeBytes(2);
  wire.send("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50");
  relay(wire, port);
  return `${name}:${high!.charCodeAt(0) * 256 + low!.charCodeAt(0)}`;
}

for (const scheme of ["socks5", "socks5h"]) {
  test(`proxy: ${scheme} carries http and https, each host on connections of its own`, async () => {
    await using plain = await ScriptedServer.start(({ socket }) => socket.write(ok("plain")));
    await using server = await target();
    const asked: Promise<string>[] = [];
    await using proxy = await WireServer.start((wire) =>
      void asked.push(socks(wire, proxy.wires.length === 3 ? server.port : Number(new URL(plain.url).port), true))
    );
    const tls = { ca };
    await using transport = new Transport({ proxy: `${scheme}://user:secret@127.0.0.1:${proxy.port}`, tls });
    for (let i = 0; i < 2; i++) {
      assert.equal(await get(transport, "http://one.test/"), "plain");
      assert.equal(await get(transport, "http://two.test:81/"), "plain");
      assert.equal(await get(transport, "https://target.test/"), "from the target");
    }
    assert.deepEqual(await Promise.all(asked), ["one.test:80", "two.test:81", "target.test:443"]);
    assert.equal(proxy.dials, 3);
    assert.match(plain.heads[0]!, /^GET \/ HTTP\/1\.1\r\nHost: one\.test\r\n/);
    assert.doesNotMatch(plain.heads[0]!, /proxy-authorization/i);
  });
}

test("proxy: socks5 without a user offers no login, and a refusal or a wrong password is an error of the proxy", async () => {
  await using plain = await ScriptedServer.start(({ socket }) => socket.write(ok("plain")));
  await using open = await WireServer.start((wire) => void socks(wire, Number(new URL(plain.url).port), false));
  await using transport = new Transport({ proxy: `socks5://127.0.0.1:${open.port}` });
  assert.equal(await get(transport, "http://one.test/"), "plain");

  // what the client is let say, in bytes, and the answer to it
  const refusals: readonly (readonly [code: string, ...(readonly [takes: number, answer: string])[]])[] = [
    ["socksNoAcceptableMethods", [4, "\x05\xff"]],
    ["socksAuthFailed", [4, "\x05\x02"], [13, "\x01\x01"]],
    ["socksRefused", [4, "\x05\x00"], [15, "\x05\x05\x00\x01\0\0\0\0\0\0"]],
    ["socksMalformed", [4, "HTTP/1.1 400 Bad Request\r\n"]],
    ["ECONNRESET", [4, ""]],
  ];
  for (const [code, ...script] of refusals) {
    await using proxy = await WireServer.start((wire) =>
      void (async () => {
        for (const [takes, answer] of script) {
          await wire.takeBytes(takes);
          if (answer === "") wire.socket.end();
          else wire.send(answer);
        }
      })()
    );
    await using refused = new Transport({ proxy: `socks5://user:secret@127.0.0.1:${proxy.port}` });
    const error = await failure(refused.roundTrip({ url: "http://one.test/" }));
    assert.deepEqual([error.code, error.phase, error.side], [code, "proxy", "remote"]);
    keepsSecret(error);
    assert.equal(refused.census().dialing, 0);
  }
});

test("proxy: a socks5 proxy that says nothing is given up after one minute", async () => {
  const clock = new FakeClock();
  await using proxy = await WireServer.start();
  await using transport = new Transport({ proxy: `socks5://127.0.0.1:${proxy.port}`, clock });
  const response = failure(transport.roundTrip({ url: "http://one.test/" }));
  await (await proxy.wire()).takeBytes(3);
  clock.advance(60_000);
  assert.equal((await response).code, "proxyTimeout");
});

test("proxy: that of the environment serves every host but those of NO_PROXY", async () => {
  await using direct = await ScriptedServer.start(({ socket }) => socket.write(ok("direct")));
  await using proxy = await ScriptedServer.start(({ socket }) => socket.write(ok("by proxy")));
  const environment = process.env;
  const before = { ...environment };
  try {
    for (const name of ["http_proxy", "https_proxy", "no_proxy", "REQUEST_METHOD"]) delete environment[name];
    environment["HTTP_PROXY"] = proxy.url;
    environment["NO_PROXY"] = "other.test";
    const resolver = {
      resolve: (_: string, done: (error: undefined, addresses: readonly string[]) => void) =>
        queueMicrotask(() => done(undefined, ["127.0.0.1"])),
    };
    await using transport = new Transport({ proxy: "environment", resolver });
    const { port } = new URL(direct.url);
    assert.equal(await get(transport, "http://one.test/"), "by proxy");
    assert.equal(await get(transport, `http://other.test:${port}/`), "direct");
    assert.equal(await get(transport, `http://127.0.0.1:${port}/`), "direct");
    await using bare = new Transport({ resolver });
    assert.equal(await get(bare, `http://one.test:${port}/`), "direct");
  } finally {
    for (const name of ["HTTP_PROXY", "NO_PROXY"]) delete environment[name];
    Object.assign(environment, before);
  }
});

test("proxy: a function decides for each URL, and requests by different ways share no connection", async () => {
  await using direct = await ScriptedServer.start(({ socket }) => socket.write(ok("direct")));
  await using proxy = await ScriptedServer.start(({ socket }) => socket.write(ok("by proxy")));
  const users = ["a", "a", "b", undefined];
  let asked = 0;
  await using transport = new Transport({
    proxy: () => {
      const user = users[asked++];
      return user === undefined ? undefined : proxy.url.replace("://", `://${user}:x@`);
    },
  });
  const answers: string[] = [];
  for (const _ of users) answers.push(await get(transport, direct.url));
  assert.deepEqual(answers, ["by proxy", "by proxy", "by proxy", "direct"]);
  assert.deepEqual([proxy.dials, direct.dials], [2, 1]);
});

test("proxy: of a cancelled request the tunnel is opened all the same, and serves the next", async () => {
  await using server = await target();
  await using proxy = await WireServer.start();
  await using transport = new Transport({ proxy: proxy.url, tls: { ca }, maxConnsPerHost: 1 });
  const cancel = new AbortController();
  const url = `https://target.test:${server.port}/`;
  const first = failure(transport.roundTrip({ url, signal: cancel.signal }));
  const wire = await proxy.wire();
  await until(() => wire.text.endsWith("\r\n\r\n"), "CONNECT arrives");
  cancel.abort();
  assert.equal((await first).code, "canceled");
  const second = get(transport, url);
  await openTunnel(wire, server.port);
  assert.equal(await second, "from the target");
  assert.equal(proxy.dials, 1);
});
