import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import { connectTo, get } from "./connect.ts";
import { LARGE_TEXT, Nginx } from "./nginx.ts";
import { SQUID_LOGIN, startSquid } from "./squid.ts";
import { startTinyproxy } from "./tinyproxy.ts";

/** Runs with these variables and no other that names a proxy; puts the old ones back. */
async function withEnvironment(variables: Record<string, string>, run: () => Promise<void>): Promise<void> {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "REQUEST_METHOD"];
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) delete process.env[name];
  Object.assign(process.env, variables);
  try {
    await run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

test("http proxy: one connection to squid serves plain http for two targets", async () => {
  await using nginx = await Nginx.start();
  await using squid = await startSquid();
  await using transport = connectTo(nginx, { proxy: `http://${SQUID_LOGIN}@127.0.0.1:${squid.ports[0]}` });
  for (let round = 0; round < 3; round++) {
    for (const target of nginx.http) {
      const { response, text } = await get(transport, `${target}/port`);
      assert.equal(response.status, 200);
      assert.equal(text, new URL(target).port);
      assert.match(response.headers.get("via") ?? "", /squid/);
    }
  }
  assert.equal(transport.census().totals.dialed, 1);
});

test("http proxy: https goes through squid's CONNECT, and the tunnel is kept", async () => {
  await using nginx = await Nginx.start();
  await using squid = await startSquid();
  await using transport = connectTo(nginx, { proxy: `http://${SQUID_LOGIN}@127.0.0.1:${squid.ports[0]}` });
  const { response, text } = await get(transport, `${nginx.https}/large.txt`);
  assert.equal(text, LARGE_TEXT);
  assert.equal(response.headers.get("via"), null);
  await get(transport, `${nginx.https}/port`);
  assert.equal(transport.census().totals.dialed, 1);
});

test("http proxy: squid is reached over TLS, for plain http and for TLS inside of it", async () => {
  await using nginx = await Nginx.start();
  await using squid = await startSquid();
  await using transport = connectTo(nginx, { proxy: `https://${SQUID_LOGIN}@127.0.0.1:${squid.ports[1]}` });
  for (let round = 0; round < 2; round++) {
    const plain = await get(transport, `${nginx.http[0]}/port`);
    assert.match(plain.response.headers.get("via") ?? "", /squid/);
    assert.equal((await get(transport, `${nginx.https}/large.txt`)).text, LARGE_TEXT);
  }
  assert.equal(transport.census().totals.dialed, 2);
});

test("http proxy: squid answers a wrong password with 407, to a tunnel as to plain http", async () => {
  await using nginx = await Nginx.start();
  await using squid = await startSquid();
  for (const login of ["user:wrong@", ""]) {
    await using transport = connectTo(nginx, { proxy: `http://${login}127.0.0.1:${squid.ports[0]}` });
    assert.equal((await get(transport, `${nginx.http[0]}/port`)).response.status, 407);
    await assert.rejects(transport.roundTrip({ url: `${nginx.https}/port` }), {
      name: "TransportError",
      phase: "proxy",
      side: "remote",
      message: /407/,
    });
  }
});

test("http proxy: plain http through tinyproxy, which closes each connection without a word", async () => {
  await using nginx = await Nginx.start();
  await using tinyproxy = await startTinyproxy({ connectPort: nginx.httpsPort });
  await using transport = connectTo(nginx, { proxy: `127.0.0.1:${tinyproxy.ports[0]}` });
  for (let round = 0; round < 5; round++) {
    for (const target of nginx.http) {
      const { response, text } = await get(transport, `${target}/port`);
      assert.equal(text, new URL(target).port);
      assert.match(response.headers.get("via") ?? "", /tinyproxy/);
    }
  }
});

test("http proxy: https goes through tinyproxy's CONNECT, and the tunnel is kept", async () => {
  await using nginx = await Nginx.start();
  await using tinyproxy = await startTinyproxy({ connectPort: nginx.httpsPort });
  await using transport = connectTo(nginx, { proxy: `http://127.0.0.1:${tinyproxy.ports[0]}` });
  const first = await get(transport, `${nginx.https}/large.txt`);
  assert.equal(first.text, LARGE_TEXT);
  const second = await get(transport, `${nginx.https}/port`);
  assert.equal(second.response.headers.get("x-connection"), first.response.headers.get("x-connection"));
  assert.equal(transport.census().totals.dialed, 1);
});

test("http proxy: a CONNECT that tinyproxy refuses fails with its status", async () => {
  await using nginx = await Nginx.start();
  await using tinyproxy = await startTinyproxy({ connectPort: nginx.httpsPort === 443 ? 444 : 443 });
  await using transport = connectTo(nginx, { proxy: `http://127.0.0.1:${tinyproxy.ports[0]}` });
  await assert.rejects(transport.roundTrip({ url: `${nginx.https}/port` }), {
    name: "TransportError",
    phase: "proxy",
    side: "remote",
    message: /403/,
  });
  assert.equal(transport.census().live, 0);
});

test("http proxy: tinyproxy wants user and password, and says so", async () => {
  await using nginx = await Nginx.start();
  const login = { user: "user", password: "secret" };
  await using tinyproxy = await startTinyproxy({ connectPort: nginx.httpsPort, ...login });
  const address = `127.0.0.1:${tinyproxy.ports[0]}`;
  await using right = connectTo(nginx, { proxy: `http://user:secret@${address}` });
  assert.equal((await get(right, `${nginx.http[0]}/port`)).response.status, 200);
  assert.equal((await get(right, `${nginx.https}/port`)).response.status, 200);
  await using wrong = connectTo(nginx, { proxy: `http://user:wrong@${address}` });
  assert.equal((await get(wrong, `${nginx.http[0]}/port`)).response.status, 401);
  await assert.rejects(wrong.roundTrip({ url: `${nginx.https}/port` }), { phase: "proxy", message: /401/ });
});

test("http proxy: the environment names it, but for what NO_PROXY lists and for loopback", async () => {
  await using nginx = await Nginx.start();
  await using tinyproxy = await startTinyproxy({ connectPort: nginx.httpsPort === 443 ? 444 : 443 });
  const address = `127.0.0.1:${tinyproxy.ports[0]}`;
  const http = `http://0.0.0.0:${new URL(nginx.http[0]).port}/port`;
  const https = `https://0.0.0.0:${nginx.httpsPort}/port`;

  await withEnvironment({ http_proxy: address, https_proxy: address }, async () => {
    await using transport = connectTo(nginx, { proxy: "environment" });
    assert.match((await get(transport, http)).response.headers.get("via") ?? "", /tinyproxy/);
    await assert.rejects(transport.roundTrip({ url: https }), { phase: "proxy", message: /403/ });
    assert.equal((await get(transport, `${nginx.http[0]}/port`)).response.headers.get("via"), null);
    assert.equal((await get(transport, `${nginx.https}/port`)).response.status, 200);
  });

  await withEnvironment({ HTTP_PROXY: address, HTTPS_PROXY: address, NO_PROXY: "0.0.0.0/8" }, async () => {
    await using transport = connectTo(nginx, { proxy: "environment" });
    assert.equal((await get(transport, http)).response.headers.get("via"), null);
    assert.equal((await get(transport, https)).response.status, 200);
  });
});
