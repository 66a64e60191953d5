import assert from "node:assert/strict";
import test from "node:test";
import { Client } from "../../lib/client/client.ts";
import type { Fetch } from "../../lib/transport/fetch/fetch.ts";
import { Transport } from "../../lib/transport/transport.ts";
import { TransportError } from "../../lib/transport/transport_error.ts";
import { ok, type ScriptedRequest, ScriptedServer, until } from "../support/scripted_server.ts";
import { moved } from "./every_host.ts";

const HALF = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far";

interface Setting extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly requests: ScriptedRequest[];
  readonly transport: Transport;
  /** Unbound: neither needs its object. */
  readonly both: readonly Fetch[];
  readonly clientFetch: Fetch;
}

/** A server, and the fetch of a transport and of a client on it. */
async function start(answer: (request: ScriptedRequest) => string): Promise<Setting> {
  const requests: ScriptedRequest[] = [];
  const server = await ScriptedServer.start((request) => {
    requests.push(request);
    request.socket.write(answer(request));
  });
  const transport = new Transport();
  const { fetch } = transport;
  const { fetch: clientFetch } = new Client({ transport });
  const dispose = async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
  };
  return { server, requests, transport, both: [fetch, clientFetch], clientFetch, [Symbol.asyncDispose]: dispose };
}

test("fetch: gives a standard response", async () => {
  await using it = await start(() => ok('{"a":1}', "Content-Type: application/json\r\nX-Own: é\r\n"));
  for (const fetch of it.both) {
    const response = await fetch(`${it.server.url}path?q#fragment`);
    assert.ok(response instanceof globalThis.Response);
    assert.deepEqual(
      [response.status, response.ok, response.statusText, response.redirected, response.type],
      [200, true, "OK", false, "basic"],
    );
    assert.equal(response.url, `${it.server.url}path?q`);
    assert.equal(response.headers.get("content-type"), "application/json");
    assert.deepEqual(await response.json(), { a: 1 });
    assert.equal(response.bodyUsed, true);
  }
  assert.match(it.server.heads[0]!, /^GET \/path\?q HTTP/);
  assert.equal(it.server.dials, 1);
});

test("fetch: the body can be had in every way the standard has", async () => {
  await using it = await start(() => ok("a=1&b=2", "Content-Type: application/x-www-form-urlencoded\r\n"));
  const fetch = it.clientFetch;
  assert.equal(await (await fetch(it.server.url)).text(), "a=1&b=2");
  assert.equal((await (await fetch(it.server.url)).arrayBuffer()).byteLength, 7);
  const blob = await (await fetch(it.server.url)).blob();
  assert.deepEqual([blob.size, await blob.text()], [7, "a=1&b=2"]);
  assert.deepEqual([...await (await fetch(it.server.url)).formData()], [["a", "1"], ["b", "2"]]);
  let streamed = "";
  for await (const chunk of (await fetch(it.server.url)).body!) streamed += new TextDecoder().decode(chunk);
  assert.equal(streamed, "a=1&b=2");
  let piped = "";
  for await (const text of (await fetch(it.server.url)).body!.pipeThrough(new TextDecoderStream())) piped += text;
  assert.equal(piped, "a=1&b=2");
  assert.equal(it.server.dials, 1);
});

test("fetch: a Blob has the type of its response", async () => {
  await using it = await start(() => ok("own", "Content-Type: application/x-own\r\n"));
  const response = await it.clientFetch(it.server.url);
  assert.equal((await response.clone().blob()).type, "application/x-own");
  assert.equal((await response.blob()).type, "application/x-own");
});

test("fetch: a reader with its own buffer is served", async () => {
  await using it = await start(() => ok("abcdef"));
  const reader = (await it.clientFetch(it.server.url)).body!.getReader({ mode: "byob" });
  let text = "";
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(4));
    text += new TextDecoder().decode(value as Uint8Array);
    if (done) break;
  }
  assert.equal(text, "abcdef");
});

test("fetch: several Set-Cookie fields stay apart", async () => {
  await using it = await start(() => ok("", "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n"));
  assert.deepEqual((await it.clientFetch(it.server.url)).headers.getSetCookie(), ["a=1", "b=2"]);
});

test("fetch: a clone knows what its original knows, and both can be read", async () => {
  await using it = await start(({ head }) => head.startsWith("GET /moved") ? moved(302, "/there") : ok("twice"));
  const response = await it.clientFetch(`${it.server.url}moved`);
  const clone = response.clone();
  const again = clone.clone();
  for (const each of [response, clone, again]) {
    assert.deepEqual([each.url, each.redirected, each.status], [`${it.server.url}there`, true, 200]);
  }
  assert.deepEqual(await Promise.all([response.text(), clone.text(), again.text()]), ["twice", "twice", "twice"]);
});

test("fetch: an unread body holds its connection; nothing is taken from it in advance", async () => {
  const size = 8 * 1024 * 1024;
  await using it = await start(() => ok("x".repeat(size)));
  for (const fetch of it.both) {
    const before = it.transport.traffic.bytesReceived;
    const response = await fetch(it.server.url);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(it.transport.census().inUse, 1);
    assert.ok(it.transport.traffic.bytesReceived - before < 1024 * 1024);
    assert.equal((await response.text()).length, size);
    assert.equal(it.transport.census().inUse, 0);
  }
});

test("fetch: cancelling the body is the early close: little left is drained, much costs the connection", async () => {
  await using little = await start(() => ok("x".repeat(100 * 1024)));
  await (await little.clientFetch(little.server.url)).body!.cancel();
  await until(() => little.transport.census().idle === 1, "the drained connection is pooled");

  await using much = await start(() => ok("x".repeat(500 * 1024)));
  const reader = (await much.clientFetch(much.server.url)).body!.getReader();
  await reader.read();
  await reader.cancel();
  await until(() => much.transport.census().live === 0, "the connection is closed");
  assert.deepEqual(much.transport.census().totals.closed, { earlyClose: 1 });
});

test("fetch: 204, 205, 304 and the answer to a HEAD have no body and hold nothing", async () => {
  for (const status of [204, 205, 304]) {
    await using it = await start(() => `HTTP/1.1 ${status} Nothing\r\nContent-Length: 0\r\n\r\n`);
    for (const fetch of it.both) {
      const response = await fetch(it.server.url);
      assert.deepEqual([response.status, response.body, await response.text()], [status, null, ""]);
      assert.equal(it.transport.census().inUse, 0);
    }
  }
  await using it = await start(() => "HTTP/1.1 200 OK\r\nContent-Length: 123\r\n\r\n");
  const response = await it.clientFetch(it.server.url, { method: "HEAD" });
  assert.deepEqual([response.body, response.headers.get("content-length")], [null, "123"]);
  assert.equal(it.transport.census().idle, 1);
});

test("fetch: an empty body is a stream, as the standard has it", async () => {
  await using it = await start(() => ok(""));
  const response = await it.clientFetch(it.server.url);
  assert.notEqual(response.body, null);
  assert.equal(await response.text(), "");
  assert.equal(it.transport.census().idle, 1);
});

test("fetch: a status above 599 is told as it is", async () => {
  await using it = await start(() => "HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nhm");
  const response = await it.clientFetch(it.server.url);
  assert.deepEqual([response.status, response.ok, response.statusText], [999, false, "Odd"]);
  assert.equal(response.clone().status, 999);
  assert.equal(await response.text(), "hm");
});

test("fetch: what was in memory goes out with its length and its content type", async () => {
  await using it = await start(() => ok(""));
  const view = new Uint8Array([0, 104, 105, 0]).subarray(1, 3);
  const cases: [NonNullable<RequestInit["body"]>, string, string | undefined][] = [
    ["hi", "hi", "text/plain;charset=UTF-8"],
    [view, "hi", undefined],
    [new DataView(view.buffer, 1, 2), "hi", undefined],
    [new Uint8Array([104, 105]).buffer, "hi", undefined],
    [new URLSearchParams({ a: "1", b: "é" }), "a=1&b=%C3%A9", "application/x-www-form-urlencoded;charset=UTF-8"],
    [new Blob(["hi"], { type: "text/q" }), "hi", "text/q"],
  ];
  for (const fetch of it.both) {
    for (const [body, sent, contentType] of cases) {
      await fetch(it.server.url, { method: "POST", body });
      const { head, body: received } = it.requests.pop()!;
      assert.equal(received, sent);
      assert.match(head, new RegExp(`\r\nContent-Length: ${sent.length}\r\n`));
      assert.equal(/^content-type: (.*)\r$/im.exec(head)?.[1], contentType);
    }
  }
});

test("fetch: what is none of the standard's bodies goes out as its text, and null says no init", async () => {
  await using it = await start(() => ok(""));
  for (const fetch of it.both) {
    for (const [body, sent] of [[5, "5"], [true, "true"], [{}, "[object Object]"]] as const) {
      await fetch(it.server.url, { method: "POST", body: body as unknown as string });
      const { head, body: received } = it.requests.pop()!;
      assert.equal(received, sent);
      assert.match(head, /\r\ncontent-type: text\/plain;charset=UTF-8\r\n/i);
    }
    assert.equal((await fetch(it.server.url, null as unknown as RequestInit)).status, 200);
  }
});

test("fetch: FormData goes out as multipart, files with it", async () => {
  await using it = await start(() => ok(""));
  for (const wrap of [false, true]) {
    const body = new FormData();
    body.append("field", "value");
    body.append("file", new Blob(["content"], { type: "text/q" }), "name.txt");
    const init = { method: "POST", body };
    await (wrap ? it.clientFetch(new Request(it.server.url, init)) : it.clientFetch(it.server.url, init));
    const { head, body: sent } = it.requests.pop()!;
    const boundary = /^content-type: multipart\/form-data; ?boundary="?(.*?)"?\r$/im.exec(head)![1]!;
    assert.equal(sent.split(`--${boundary}`).length, 4);
    assert.match(sent, /name="field"\r\n\r\nvalue\r\n/);
    assert.match(sent, /name="file"; filename="name\.txt"\r\ncontent-type: text\/q\r\n\r\ncontent\r\n/i);
  }
});

test("fetch: the caller's content type stays, and headers that browsers forbid are sent", async () => {
  await using it = await start(() => ok(""));
  const headers = { "Content-Type": "application/json", Host: "virtual.test", Cookie: "c=1", Origin: "http://o.test" };
  await it.clientFetch(it.server.url, { method: "POST", body: "{}", headers });
  const { head } = it.requests[0]!;
  for (const line of ["Content-Type: application/json", "Host: virtual.test", "Cookie: c=1", "Origin: http://o.test"]) {
    assert.match(head, new RegExp(`\r\n${line}\r\n`, "i"));
  }
});

test("fetch: methods that the standard normalizes are, others are not", async () => {
  await using it = await start(() => ok(""));
  for (const method of ["post", "Put", "patch", "purge"]) await it.clientFetch(it.server.url, { method });
  assert.deepEqual(it.server.heads.map((head) => head.split(" ")[0]), ["POST", "PUT", "patch", "purge"]);
});

test("fetch: a Request says all, and init overrides it", async () => {
  await using it = await start(() => ok(""));
  for (const fetch of it.both) {
    const make = () => new Request(it.server.url, { method: "PUT", body: "own", headers: { "x-own": "1" } });
    await fetch(make());
    const first = it.requests.pop()!;
    assert.deepEqual([first.head.split(" ")[0], first.body], ["PUT", "own"]);
    assert.match(first.head, /\r\nx-own: 1\r\n/);
    await fetch(make(), { method: "POST", body: "other", headers: { "x-other": "2" } });
    const second = it.requests.pop()!;
    assert.deepEqual([second.head.split(" ")[0], second.body], ["POST", "other"]);
    assert.doesNotMatch(second.head, /x-own/);
  }
});

test("fetch: a Request made of what was in memory goes out with its length, also from a clone", async () => {
  await using it = await start(() => ok(""));
  for (const body of ["text", new URLSearchParams("a=1"), new Blob(["blob"]), "x".repeat(300_000)]) {
    const request = new Request(it.server.url, { method: "POST", body });
    const clone = request.clone();
    await it.clientFetch(request);
    await it.clientFetch(new Request(clone, { signal: new AbortController().signal }));
    const [first, second] = it.requests.splice(0);
    const expected = await new globalThis.Response(body).text();
    assert.deepEqual([first!.body, second!.body], [expected, expected]);
  }
});

test("fetch: a used Request, a body with GET, no URL and no redirect mode are TypeErrors", async () => {
  await using it = await start(() => ok(""));
  const used = new Request(it.server.url, { method: "POST", body: "x" });
  await used.text();
  for (const fetch of it.both) {
    await assert.rejects(fetch(used), TypeError);
    await assert.rejects(fetch(it.server.url, { body: "x" }), TypeError);
    await assert.rejects(fetch("no url"), TypeError);
    await assert.rejects(fetch(it.server.url, { method: "not a token" }), TypeError);
    await assert.rejects(fetch(it.server.url, { redirect: "never" as unknown as "follow" }), TypeError);
  }
  assert.equal(it.server.dials, 0);
});

test("fetch: redirects are followed, given or refused, as the mode says", async () => {
  await using it = await start(({ head }) => head.includes(" /there ") ? ok("there") : moved(302, "/there"));
  for (const redirect of [undefined, "follow"] as const) {
    const response = await it.clientFetch(it.server.url, redirect === undefined ? {} : { redirect });
    assert.deepEqual([response.redirected, response.url], [true, `${it.server.url}there`]);
    assert.equal(await response.text(), "there");
  }
  for (const input of [it.server.url, new Request(it.server.url, { redirect: "manual" })]) {
    const response = await it.clientFetch(input, typeof input === "string" ? { redirect: "manual" } : undefined);
    assert.deepEqual([response.status, response.headers.get("location")], [302, "/there"]);
    assert.deepEqual([response.redirected, response.url], [false, it.server.url]);
    await response.text();
  }
  await assert.rejects(it.clientFetch(it.server.url, { redirect: "error" }), (error: Error) => {
    assert.ok(error instanceof TypeError);
    assert.equal((error.cause as TransportError).code, "unexpectedRedirect");
    return true;
  });
  assert.equal(it.transport.census().inUse, 0);
});

test("fetch: a transport never follows a redirect", async () => {
  await using it = await start(() => moved(302, "/there"));
  const response = await it.transport.fetch(it.server.url);
  assert.deepEqual([response.status, response.redirected], [302, false]);
  assert.equal(it.server.heads.length, 1);
});

test("fetch: 307 sends again what was in memory, of init and of a Request", async () => {
  const inputs: ((url: string) => Parameters<Fetch>)[] = [
    (url) => [url, { method: "POST", body: "text" }],
    (url) => [url, { method: "POST", body: new Blob(["text"]) }],
    (url) => [new Request(url, { method: "POST", body: "text" })],
  ];
  for (const input of inputs) {
    await using it = await start(({ head }) => head.includes(" /there ") ? ok("there") : moved(307, "/there"));
    const response = await it.clientFetch(...input(it.server.url));
    assert.equal(await response.text(), "there");
    assert.deepEqual(it.requests.map((request) => request.body), ["text", "text"]);
  }
});

test("fetch: too many redirects are a TypeError with the client's error as its cause", async () => {
  await using it = await start(() => moved(302, "/"));
  await assert.rejects(
    it.clientFetch(it.server.url),
    (error: Error) => error instanceof TypeError && (error.cause as { code: string }).code === "tooManyRedirects",
  );
});

test("fetch: a network failure is a TypeError with the transport's error as its cause", async () => {
  await using it = await start(() => "");
  const { url } = it.server;
  await it.server[Symbol.asyncDispose]();
  for (const fetch of it.both) {
    await assert.rejects(fetch(url), (error: Error) => {
      assert.ok(error instanceof TypeError && error.cause instanceof TransportError);
      assert.deepEqual([error.message, error.cause.code], ["fetch failed", "ECONNREFUSED"]);
      return true;
    });
  }
});

test("fetch: a body that breaks off is a TypeError with the transport's error as its cause", async () => {
  await using it = await start(({ socket }) => {
    socket.end(HALF);
    return "";
  });
  for (const fetch of it.both) {
    const response = await fetch(it.server.url);
    await assert.rejects(response.text(), (error: Error) => {
      assert.ok(error instanceof TypeError && error.cause instanceof TransportError);
      assert.equal(error.cause.code, "unexpectedEof");
      return true;
    });
  }
});

test("fetch: a protocol that changes unasked is a TypeError, and the connection is gone", async () => {
  await using it = await start(() => "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
  await assert.rejects(it.clientFetch(it.server.url), TypeError);
  await until(() => it.transport.census().live === 0, "the connection is closed");
});

test("fetch: aborted before, it rejects with the reason and dials nobody", async () => {
  await using it = await start(() => ok(""));
  const reason = new Error("enough");
  for (const fetch of it.both) {
    await assert.rejects(fetch(it.server.url, { signal: AbortSignal.abort() }), { name: "AbortError" });
    await assert.rejects(fetch(it.server.url, { signal: AbortSignal.abort(reason) }), reason);
    await assert.rejects(fetch(new Request(it.server.url, { signal: AbortSignal.abort(reason) })), reason);
  }
  assert.equal(it.server.dials, 0);
});

test("fetch: aborted while it waits for the head, it rejects with the reason and closes the connection", async () => {
  await using it = await start(() => "");
  for (const fetch of it.both) {
    for (const asRequest of [false, true]) {
      const controller = new AbortController();
      const { signal } = controller;
      const seen = it.requests.length;
      const pending = asRequest ? fetch(new Request(it.server.url, { signal })) : fetch(it.server.url, { signal });
      await until(() => it.requests.length > seen, "the request is there");
      controller.abort();
      await assert.rejects(pending, (error) => error instanceof DOMException && error.name === "AbortError");
      assert.equal(it.transport.census().live, 0);
    }
  }
});

test("fetch: aborted in the body, a pending and a later read reject with the reason", async () => {
  await using it = await start(() => HALF);
  const reason = new Error("enough");
  for (const fetch of it.both) {
    const controller = new AbortController();
    const reader = (await fetch(it.server.url, { signal: controller.signal })).body!.getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), "so far");
    const pending = reader.read();
    controller.abort(reason);
    await assert.rejects(pending, reason);
    await assert.rejects(reader.read(), reason);

    const later = new AbortController();
    const response = await fetch(it.server.url, { signal: later.signal });
    later.abort(reason);
    await assert.rejects(response.text(), reason);
    assert.equal(it.transport.census().live, 0);
  }
});

test("fetch: a signal that fires after the end of the body changes nothing", async () => {
  await using it = await start(() => ok("x"));
  const controller = new AbortController();
  const response = await it.clientFetch(it.server.url, { signal: controller.signal });
  assert.equal(await response.text(), "x");
  controller.abort();
  assert.equal(it.transport.census().idle, 1);
});

test("fetch: the client's time limit is a TypeError with the timeout as its cause", async () => {
  await using it = await start(() => HALF);
  const { fetch } = new Client({ transport: it.transport, timeoutMs: 100 });
  await assert.rejects(
    async () => await (await fetch(it.server.url)).text(),
    (error: Error) => error instanceof TypeError && (error.cause as TransportError).code === "timeout",
  );
});
