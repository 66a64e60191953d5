import assert from "node:assert/strict";
import test from "node:test";
import { authority } from "../support/certificates.ts";
import { until } from "../support/scripted_server.ts";
import { connectTo, get } from "./connect.ts";
import { CHUNKED_TEXT, LARGE_BYTES, LARGE_TEXT, Nginx } from "./nginx.ts";

test("nginx: 20 requests over TLS go on one connection", async () => {
  await using nginx = await Nginx.start();
  await using transport = connectTo(nginx);
  const connections = new Set<string | null>();
  for (let i = 0; i < 20; i++) {
    const { response, text } = await get(transport, `${nginx.https}/port`);
    assert.equal(response.status, 200);
    assert.equal(text, String(nginx.httpsPort));
    connections.add(response.headers.get("x-connection"));
  }
  assert.equal(connections.size, 1);
  assert.equal(transport.census().totals.dialed, 1);
});

test("nginx: a large text comes as gzip, is undone, and leaves the connection to the next", async () => {
  await using nginx = await Nginx.start();
  await using transport = connectTo(nginx);
  const { response, text } = await get(transport, `${nginx.https}/large.txt`);
  assert.equal(text, LARGE_TEXT);
  assert.equal(response.headers.get("content-encoding"), null);
  assert.equal(response.contentLength, -1);
  assert.ok(transport.traffic.bytesReceived < LARGE_TEXT.length / 10, "it was not compressed on the way");
  const next = await get(transport, `${nginx.https}/port`);
  assert.equal(next.response.headers.get("x-connection"), response.headers.get("x-connection"));
});

test("nginx: who asks for gzip gets gzip", async () => {
  await using nginx = await Nginx.start();
  await using transport = connectTo(nginx);
  const headers = { "accept-encoding": "gzip" };
  const response = await transport.roundTrip({ url: `${nginx.https}/large.txt`, headers });
  assert.equal(response.headers.get("content-encoding"), "gzip");
  assert.deepEqual([...(await response.body.bytes()).subarray(0, 2)], [0x1f, 0x8b]);
});

test("nginx: HEAD tells the length, has no body and leaves the connection to the next", async () => {
  await using nginx = await Nginx.start();
  await using transport = connectTo(nginx);
  const response = await transport.roundTrip({ method: "HEAD", url: `${nginx.https}/large.bin` });
  assert.equal(response.contentLength, LARGE_BYTES);
  assert.equal((await response.body.bytes()).length, 0);
  await get(transport, `${nginx.https}/port`);
  assert.equal(transport.census().totals.dialed, 1);
});

test("nginx: a chunked body arrives whole", async () => {
  await using nginx = await Nginx.start();
  await using transport = connectTo(nginx);
  const headers = { "accept-encoding": "identity" };
  const response = await transport.roundTrip({ url: `${nginx.https}/chunked.shtml`, headers });
  assert.equal(response.contentLength, -1);
  assert.equal(response.headers.get("transfer-encoding") ?? "chunked", "chunked");
  assert.equal(await response.body.text(), CHUNKED_TEXT);
  await get(transport, `${nginx.https}/port`);
  assert.equal(transport.census().totals.dialed, 1);
});

test("nginx: 1 MiB goes there and back", async () => {
  await using nginx = await Nginx.start();
  await using transport = connectTo(nginx);
  const body = Uint8Array.from({ length: LARGE_BYTES }, (_, i) => i * 31 + (i >> 8));
  const stored = await transport.roundTrip({ method: "PUT", url: `${nginx.https}/store/it`, body });
  await stored.body.bytes();
  assert.equal(stored.status, 201);
  const back = await transport.roundTrip({ url: `${nginx.https}/store/it` });
  const bytes = await back.body.bytes();
  assert.equal(bytes.length, body.length);
  assert.ok(bytes.every((byte, i) => byte === body[i]));
  assert.equal(transport.census().totals.dialed, 1);
});

test("nginx: a small body closed early is drained, a large one costs the connection", async () => {
  await using nginx = await Nginx.start();
  await using transport = connectTo(nginx);
  const small = await transport.roundTrip({ url: `${nginx.https}/drainable.bin` });
  await small.body.read();
  small.body.close();
  await until(() => transport.census().idle === 1, "the drain ends");
  const large = await transport.roundTrip({ url: `${nginx.https}/large.bin` });
  assert.equal(large.headers.get("x-connection"), small.headers.get("x-connection"));
  await large.body.read();
  large.body.close();
  await until(() => transport.census().live === 0, "the connection closes");
  const { response } = await get(transport, `${nginx.https}/port`);
  assert.notEqual(response.headers.get("x-connection"), small.headers.get("x-connection"));
});

test("nginx: an unknown authority and a wrong name end in the handshake, insecure lets them pass", async () => {
  await using nginx = await Nginx.start();
  const url = `${nginx.https}/port`;
  await using unknown = connectTo(nginx, { tls: {} });
  await assert.rejects(unknown.roundTrip({ url }), { name: "TransportError", phase: "tls" });
  await using wrong = connectTo(nginx, { tls: { ca: nginx.ca, servername: "other.example" } });
  await assert.rejects(wrong.roundTrip({ url }), { phase: "tls", code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  await using named = connectTo(nginx, { tls: { ca: nginx.ca, servername: "localhost" } });
  assert.equal((await get(named, url)).response.status, 200);
  await using insecure = connectTo(nginx, { tls: { insecure: true, servername: "other.example" } });
  assert.equal((await get(insecure, url)).response.status, 200);
});

test("nginx: a client's certificate is presented", async () => {
  await using nginx = await Nginx.start();
  const url = `${nginx.https}/client`;
  const { cert, key } = await (await authority()).client("somebody");
  await using known = connectTo(nginx, { tls: { ca: nginx.ca, cert, key } });
  assert.equal((await get(known, url)).text, "SUCCESS CN=somebody");
  await using nobody = connectTo(nginx);
  assert.equal((await get(nobody, url)).text, "NONE ");
});
