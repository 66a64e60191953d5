// A library that takes any fetch: what it asks of one is asked of ours.

import ky, { HTTPError, TimeoutError } from "ky";
import assert from "node:assert/strict";
import test from "node:test";
import { Client } from "../../lib/client/client.ts";
import type { Fetch } from "../../lib/transport/fetch/fetch.ts";
import { ok, type ScriptedRequest, ScriptedServer, until } from "../support/scripted_server.ts";
import { moved } from "./every_host.ts";

interface Setting extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly requests: ScriptedRequest[];
  readonly client: Client;
  readonly api: typeof ky;
}

async function start(answer: (request: ScriptedRequest, nth: number) => string): Promise<Setting> {
  const requests: ScriptedRequest[] = [];
  const server = await ScriptedServer.start((request) => {
    requests.push(request);
    request.socket.write(answer(request, requests.length));
  });
  const client = new Client();
  const fetch: Fetch = client.fetch;
  const api = ky.create({ fetch: fetch as typeof globalThis.fetch, prefixUrl: server.url, retry: { delay: () => 1 } });
  const dispose = async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  };
  return { server, requests, client, api, [Symbol.asyncDispose]: dispose };
}

const UNAVAILABLE = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";

test("ky: gets json", async () => {
  await using it = await start(() => ok('{"a":1}'));
  assert.deepEqual(await it.api.get("x", { searchParams: { q: "1" } }).json(), { a: 1 });
  assert.match(it.requests[0]!.head, /^GET \/x\?q=1 HTTP/);
  assert.match(it.requests[0]!.head, /\r\naccept: application\/json\r\n/i);
});

test("ky: posts json", async () => {
  await using it = await start(({ body }) => ok(body));
  assert.deepEqual(await it.api.post("x", { json: { a: [1, "b"] } }).json(), { a: [1, "b"] });
  assert.match(it.requests[0]!.head, /\r\ncontent-type: application\/json\r\n/i);
  assert.match(it.requests[0]!.head, /\r\nContent-Length: \d+\r\n/);
});

test("ky: retries, with the body once more", async () => {
  await using it = await start(({ body }, nth) => nth < 3 ? UNAVAILABLE : ok(body));
  assert.deepEqual(await it.api.put("x", { json: { a: 1 } }).json(), { a: 1 });
  assert.deepEqual(it.requests.map(({ body }) => body), ['{"a":1}', '{"a":1}', '{"a":1}']);
});

test("ky: retries after a network failure", async () => {
  await using it = await start(({ socket }, nth) => {
    if (nth === 1) socket.destroy();
    return nth === 1 ? "" : ok("there");
  });
  assert.equal(await it.api.get("x").text(), "there");
  assert.equal(it.requests.length, 2);
});

test("ky: an error status is its HTTPError, whose response can be read", async () => {
  await using it = await start(() => "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
  await assert.rejects(it.api.get("x").text(), (error) => error instanceof HTTPError && error.response.status === 404);
  const response = await it.api.get("x", { throwHttpErrors: false });
  assert.equal(await response.text(), "none");
});

test("ky: hooks change the request and the response", async () => {
  await using it = await start(({ head }) => ok(/x-hook: (\d)/i.exec(head)?.[1] ?? "none"));
  const seen: string[] = [];
  const text = await it.api.get("x", {
    hooks: {
      beforeRequest: [(request) => request.headers.set("x-hook", "1")],
      afterResponse: [async (_request, _options, response) => {
        seen.push(await response.clone().text(), response.url);
        return new globalThis.Response("changed", response);
      }],
    },
  }).text();
  assert.equal(text, "changed");
  assert.deepEqual(seen, ["1", `${it.server.url}x`]);
});

test("ky: its timeout closes the connection", async () => {
  await using it = await start(() => "");
  await assert.rejects(it.api.get("x", { timeout: 50 }), TimeoutError);
  await until(() => it.client.transport.census().live === 0, "the connection is closed");
});

test("ky: its signal aborts", async () => {
  await using it = await start(() => "");
  const controller = new AbortController();
  const pending = it.api.get("x", { signal: controller.signal });
  const rejected = assert.rejects(async () => await pending, { name: "AbortError" });
  await until(() => it.requests.length === 1, "the request is there");
  controller.abort();
  await rejected;
});

test("ky: redirects are followed", async () => {
  await using it = await start(({ head }) => head.includes(" /x ") ? moved(307, "/y") : ok("there"));
  const response = await it.api.post("x", { json: {} });
  assert.deepEqual([response.redirected, response.url, await response.text()], [true, `${it.server.url}y`, "there"]);
});

test("ky: reports progress of a download", async () => {
  await using it = await start(() => ok("x".repeat(100_000)));
  let percent = 0;
  const text = await it.api.get("x", { onDownloadProgress: (progress) => void (percent = progress.percent) }).text();
  assert.deepEqual([text.length, percent], [100_000, 1]);
});
