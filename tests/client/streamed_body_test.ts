import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { Client } from "../../lib/client/client.ts";
import { deadPort } from "../support/raw_server.ts";
import { until } from "../support/scripted_server.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytes(text);
}

/** A request as an HTTP server gathered it. */
interface Upload {
  readonly message: IncomingMessage;
  body: string;
  ended: boolean;
}

/** A server that takes uploads of any framing, redirects from /status/… to /there, and a client on it. */
class Uploads implements AsyncDisposable {
  readonly uploads: Upload[] = [];
  readonly client: Client = new Client();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((message, response) => {
      const upload: Upload = { message, body: "", ended: false };
      this.uploads.push(upload);
      message.on("data", (chunk) => upload.body += chunk);
      message.on("error", () => {});
      message.on("end", () => {
        upload.ended = true;
        answer(message.url!, response);
      });
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  get lines(): string[] {
    return this.uploads.map(({ message, body }) => `${message.method} ${message.url} ${body}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function answer(path: string, response: ServerResponse): void {
  const status = /^\/status\/(\d+)/.exec(path)?.[1];
  if (status !== undefined) response.writeHead(Number(status), { location: "/there" });
  response.end("done");
}

test("streamed body: goes out chunked, and with its length where that is known", async () => {
  await using it = await new Uploads().listen();
  await it.client.do({ method: "POST", url: it.url("/"), body: pieces("one ", "two") });
  await it.client.do({ method: "POST", url: it.url("/"), body: pieces("one ", "two"), contentLength: 7 });
  assert.deepEqual(it.uploads.map(({ body }) => body), ["one two", "one two"]);
  const [chunked, measured] = it.uploads.map(({ message }) => message.headers);
  assert.deepEqual([chunked!["transfer-encoding"], chunked!["content-length"]], ["chunked", undefined]);
  assert.deepEqual([measured!["transfer-encoding"], measured!["content-length"]], [undefined, "7"]);
});

test("streamed body: 307 and 308 without getBody are the answer; 303 is followed", async () => {
  await using it = await new Uploads().listen();
  for (const [status, expected] of [[307, 307], [308, 308], [303, 200]] as const) {
    it.uploads.length = 0;
    const response = await it.client.do({ method: "POST", url: it.url(`/status/${status}`), body: pieces("once") });
    assert.equal(response.status, expected);
    assert.equal(await response.body.text(), "done");
    const sent = `POST /status/${status} once`;
    assert.deepEqual(it.lines, expected === 200 ? [sent, "GET /there "] : [sent]);
  }
});

test("streamed body: 307 and 308 with getBody send a fresh copy", async () => {
  await using it = await new Uploads().listen();
  for (const status of [307, 308]) {
    it.uploads.length = 0;
    const getBody = () => pieces("once", " more");
    const request = { method: "PUT", url: it.url(`/status/${status}`), body: pieces("once"), getBody };
    assert.equal((await it.client.do(request)).status, 200);
    assert.deepEqual(it.lines, [`PUT /status/${status} once`, "PUT /there once more"]);
  }
});

test("streamed body: fetch sends each piece as it comes", async () => {
  for (const asRequest of [false, true]) {
    await using it = await new Uploads().listen();
    let controller: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) });
    const init = { method: "POST", body, duplex: "half" as const };
    const pending = asRequest ? it.client.fetch(new Request(it.url("/"), init)) : it.client.fetch(it.url("/"), init);
    controller!.enqueue(bytes("one "));
    await until(() => it.uploads[0]?.body === "one ", "the first piece is there");
    controller!.enqueue(bytes("two"));
    controller!.close();
    const response = await pending;
    assert.equal(await response.text(), "done");
    assert.equal(it.uploads[0]!.body, "one two");
    assert.equal(it.uploads[0]!.message.headers["transfer-encoding"], "chunked");
  }
});

test("streamed body: fetch gives the 307 to a stream, which it cannot send again", async () => {
  await using it = await new Uploads().listen();
  const body = new Blob(["once"]).stream();
  const response = await it.client.fetch(it.url("/status/307"), { method: "POST", body, duplex: "half" });
  assert.equal(response.status, 307);
  await response.text();
  assert.equal(it.uploads.length, 1);
});

test("streamed body: a large Blob goes out with its length and type, and again after a 307", async () => {
  await using it = await new Uploads().listen();
  const size = 1024 * 1024;
  const body = new Blob(["x".repeat(size)], { type: "text/q" });
  const response = await it.client.fetch(it.url("/status/307"), { method: "POST", body });
  assert.deepEqual([response.status, response.redirected], [200, true]);
  await response.text();
  assert.equal(it.uploads.length, 2);
  for (const { message, body } of it.uploads) {
    assert.equal(body.length, size);
    assert.equal(message.headers["content-length"], String(size));
    assert.equal(message.headers["content-type"], "text/q");
  }
});

test("streamed body: aborted in mid-upload, fetch rejects with the reason and cancels the stream", async () => {
  await using it = await new Uploads().listen();
  let cancelled = 0;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes("one ")),
    cancel: () => void cancelled++,
  });
  const controller = new AbortController();
  const reason = new Error("enough");
  const init = { method: "POST", body, duplex: "half" as const, signal: controller.signal };
  const pending = it.client.fetch(it.url("/"), init);
  await until(() => it.uploads[0]?.body === "one ", "the first piece is there");
  controller.abort(reason);
  await assert.rejects(pending, reason);
  await until(() => cancelled === 1, "the stream is cancelled");
  assert.equal(it.client.transport.census().live, 0);
});

test("streamed body: a stream that fails is a TypeError, whose cause leads to the failure", async () => {
  await using it = await new Uploads().listen();
  const failure = new Error("the disk is gone");
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes("one ")),
    pull: () => Promise.reject(failure),
  });
  await assert.rejects(it.client.fetch(it.url("/"), { method: "POST", body, duplex: "half" }), (error) => {
    assert.ok(error instanceof TypeError);
    assert.ok(causes(error).includes(failure));
    return true;
  });
  assert.equal(it.client.transport.census().live, 0);
});

test("streamed body: a stream of anything but bytes is a TypeError", async () => {
  await using it = await new Uploads().listen();
  const body = new ReadableStream({ start: (controller) => controller.enqueue("text") });
  await assert.rejects(it.client.fetch(it.url("/"), { method: "POST", body, duplex: "half" }), TypeError);
});

test("streamed body: a stream that nobody could send is cancelled", async () => {
  await using client = new Client();
  let cancelled = 0;
  const body = new ReadableStream<Uint8Array>({ cancel: () => void cancelled++ });
  const url = `http://127.0.0.1:${await deadPort()}/`;
  await assert.rejects(client.fetch(url, { method: "POST", body, duplex: "half" }), TypeError);
  await until(() => cancelled === 1, "the stream is cancelled");
});

test("streamed body: the client's time limit ends an upload that stalls", async () => {
  await using it = await new Uploads().listen();
  await using client = new Client({ timeoutMs: 100 });
  async function* stalling(): AsyncGenerator<Uint8Array> {
    yield bytes("one ");
    await new Promise(() => {});
  }
  await assert.rejects(client.do({ method: "POST", url: it.url("/"), body: stalling() }), { code: "timeout" });
});

function causes(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let each = error; each instanceof Error; each = each.cause) found.push(each);
  return found;
}
