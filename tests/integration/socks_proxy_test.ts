import assert from "node:assert/strict";
import test from "node:test";
import { deadPort } from "../support/raw_server.ts";
import { until } from "../support/scripted_server.ts";
import { connectTo, get } from "./connect.ts";
import { startMicrosocks } from "./microsocks.ts";
import { LARGE_TEXT, Nginx } from "./nginx.ts";

test("socks proxy: http, one kept connection per target", async () => {
  await using nginx = await Nginx.start();
  await using microsocks = await startMicrosocks();
  await using transport = connectTo(nginx, { proxy: `socks5://127.0.0.1:${microsocks.ports[0]}` });
  for (let round = 0; round < 3; round++) {
    for (const target of nginx.http) {
      assert.equal((await get(transport, `${target}/port`)).text, new URL(target).port);
    }
  }
  assert.equal(transport.census().totals.dialed, 2);
  const connections = () => microsocks.output.match(/connected to/g)?.length ?? 0;
  await until(() => connections() > 0, "microsocks tells of its clients");
  assert.equal(connections(), 2);
});

test("socks proxy: https, with the name resolved by the proxy", async () => {
  await using nginx = await Nginx.start();
  await using microsocks = await startMicrosocks();
  for (const scheme of ["socks5", "socks5h"]) {
    await using transport = connectTo(nginx, { proxy: `${scheme}://127.0.0.1:${microsocks.ports[0]}` });
    const { response, text } = await get(transport, `https://localhost:${nginx.httpsPort}/large.txt`);
    assert.equal(text, LARGE_TEXT);
    const next = await get(transport, `https://localhost:${nginx.httpsPort}/port`);
    assert.equal(next.response.headers.get("x-connection"), response.headers.get("x-connection"));
    assert.equal(transport.census().totals.dialed, 1);
  }
});

test("socks proxy: user and password", async () => {
  await using nginx = await Nginx.start();
  await using microsocks = await startMicrosocks("user", "secret");
  const address = `127.0.0.1:${microsocks.ports[0]}`;
  await using right = connectTo(nginx, { proxy: `socks5://user:secret@${address}` });
  assert.equal((await get(right, `${nginx.http[0]}/port`)).response.status, 200);
  assert.equal((await get(right, `${nginx.https}/port`)).response.status, 200);

  await using wrong = connectTo(nginx, { proxy: `socks5://user:wrong@${address}` });
  await assert.rejects(wrong.roundTrip({ url: `${nginx.http[0]}/port` }), {
    name: "TransportError",
    phase: "proxy",
    side: "remote",
    code: "socksAuthFailed",
    message: /username\/password authentication failed$/,
  });
  await using missing = connectTo(nginx, { proxy: `socks5://${address}` });
  await assert.rejects(missing.roundTrip({ url: `${nginx.http[0]}/port` }), { code: "socksNoAcceptableMethods" });
  for (const transport of [wrong, missing]) assert.equal(transport.census().live, 0);
});

test("socks proxy: a target that refuses is told by the proxy", async () => {
  await using nginx = await Nginx.start();
  await using microsocks = await startMicrosocks();
  await using transport = connectTo(nginx, { proxy: `socks5://127.0.0.1:${microsocks.ports[0]}` });
  const port = await deadPort();
  await assert.rejects(transport.roundTrip({ url: `http://127.0.0.1:${port}/` }), {
    phase: "proxy",
    code: "socksRefused",
    message: `socks connect 127.0.0.1:${port}: connection refused`,
  });
});
