import assert from "node:assert/strict";
import test from "node:test";
import { Transport } from "../../../lib/transport/transport.ts";
import { ScriptedServer, until } from "../../support/scripted_server.ts";

const MIB = 1024 * 1024;
const REQUESTS = 200;

test("body: what two hundred slow readers have not read yet stays with the server", async () => {
  const piece = new Uint8Array(MIB).fill(0x61);
  let taken = 0;
  await using server = await ScriptedServer.start(({ socket }) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${8 * MIB}\r\n\r\n`);
    for (let i = 0; i < 8; i++) socket.write(piece, () => taken += 1);
  });
  await using transport = new Transport({ maxConnsPerHost: REQUESTS, maxIdleConnsPerHost: REQUESTS });
  const all = Array.from({ length: REQUESTS }, () => transport.roundTrip({ url: server.url }));
  const bodies = (await Promise.all(all)).map(({ body }) => body);
  let before = -1;
  await until(() => {
    const still = transport.traffic.bytesReceived === before;
    before = transport.traffic.bytesReceived;
    return still;
  }, "the flow stops");
  const perBody = transport.traffic.bytesReceived / REQUESTS;
  assert.ok(perBody < 256 * 1024, `${Math.round(perBody / 1024)} KiB of each body were taken before anybody read`);

  let read = 0;
  const sizes = await Promise.all(bodies.map(async (body) => {
    let size = 0;
    for (let chunk = await body.read(); chunk !== null && size < MIB; chunk = await body.read()) {
      size += chunk.length;
      read += chunk.length;
      const ahead = transport.traffic.bytesReceived - read;
      assert.ok(ahead < REQUESTS * 512 * 1024, `${ahead} bytes were taken ahead of the readers`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    body.close();
    return size;
  }));
  assert.ok(sizes.every((size) => size >= MIB));
  assert.ok(taken < REQUESTS * 8, "the server is never rid of all");
  await until(() => transport.census().inUse === 0, "the bodies are given up");
});
