import assert from "node:assert/strict";
import test from "node:test";
import { Client } from "../../lib/client/client.ts";
import { defaultClient, fetch } from "../../lib/client/default_client.ts";
import { Transport } from "../../lib/transport/transport.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";

test("client: get and do give the transport's response", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("hello")));
  await using client = new Client();
  const response = await client.get(server.url);
  assert.deepEqual([response.status, response.contentLength, await response.body.text()], [200, 5, "hello"]);
  await (await client.do({ method: "POST", url: server.url, body: "x" })).body.text();
  assert.deepEqual(server.heads.map((head) => head.split(" ")[0]), ["GET", "POST"]);
  assert.equal(server.dials, 1);
});

test("client: trace and close reach the transport", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("")));
  await using client = new Client();
  let got = 0;
  await client.do({ url: server.url, close: true, trace: { gotConn: () => void got++ } });
  assert.equal(got, 1);
  assert.match(server.heads[0]!, /Connection: close\r\n/);
});

test("client: closes a transport of its own, and leaves one that it was given", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("")));
  await using transport = new Transport();
  const guest = new Client({ transport });
  await guest.get(server.url);
  await guest.close();
  assert.equal(transport.census().idle, 1);

  const owner = new Client({ transport: { maxIdleConnsPerHost: 5 } });
  await owner.get(server.url);
  await owner.close();
  assert.equal(owner.transport.census().live, 0);
});

test("client: the module's fetch is that of one client, made once", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("hello")));
  assert.equal(await (await fetch(server.url)).text(), "hello");
  assert.equal(await (await fetch(server.url)).text(), "hello");
  assert.equal(server.dials, 1);
  assert.equal(defaultClient(), defaultClient());
  defaultClient().transport.closeIdleConnections();
});
