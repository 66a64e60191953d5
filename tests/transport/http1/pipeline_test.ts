// Several requests on one connection before the first response: the transport's `pipelining`.

import assert from "node:assert/strict";
import test from "node:test";
import { detectAdapter } from "../../../lib/socket/detect.ts";
import type { Socket, SocketAdapter } from "../../../lib/socket/socket.ts";
import { Exchange } from "../../../lib/transport/request/exchange.ts";
import { Transport } from "../../../lib/transport/transport.ts";
import { TransportError } from "../../../lib/transport/transport_error.ts";
import { get } from "../../support/get.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";

/** As many requests as were waited for, then all their answers: each the path that was asked for. */
function answerInBatches(size: number, write: (socket: ScriptedServer["sockets"][number], bytes: string) => void) {
  let answers = "";
  let asked = 0;
  return ({ head, socket }: { head: string; socket: ScriptedServer["sockets"][number] }) => {
    answers += ok(/ (\S+) /.exec(head)![1]!);
    if (++asked % size !== 0) return;
    write(socket, answers);
    answers = "";
  };
}

function paths(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `/${index}`);
}

test("pipelining: each request gets its own response, in their order, over one connection", async () => {
  await using server = await ScriptedServer.start(answerInBatches(4, (socket, bytes) => socket.write(bytes)));
  await using transport = new Transport({ pipelining: 4, maxConnsPerHost: 1 });
  const bodies = await Promise.all(paths(12).map((path) => get(transport, new URL(path, server.url).href)));
  assert.deepEqual(bodies, paths(12));
  assert.equal(server.dials, 1);
  assert.deepEqual(server.heads.map((head) => / (\S+) /.exec(head)![1]), paths(12));
  const { live, inUse, idle, waiting, readLoops } = transport.census();
  assert.deepEqual({ live, inUse, idle, waiting, readLoops }, {
    live: 1,
    inUse: 0,
    idle: 1,
    waiting: 0,
    readLoops: { idle: 1 },
  });
});

test("pipelining: responses may be cut anywhere", async () => {
  const cuts = new Set<number>();
  await using server = await ScriptedServer.start(answerInBatches(3, (socket, bytes) => {
    const cut = cuts.size;
    cuts.add(cut);
    socket.setNoDelay(true);
    socket.write(bytes.slice(0, cut));
    setTimeout(() => socket.write(bytes.slice(cut)), 2);
  }));
  await using transport = new Transport({ pipelining: 3, maxConnsPerHost: 1 });
  const whole = paths(3).map((path) => ok(path)).join("").length;
  for (let round = 1; round < whole; round++) {
    const bodies = await Promise.all(paths(3).map((path) => get(transport, new URL(path, server.url).href)));
    assert.deepEqual(bodies, paths(3), `cut at ${round - 1}`);
  }
  assert.equal(server.dials, 1);
});

test("pipelining: without it a request waits for the response before", async () => {
  await using server = await ScriptedServer.start(() => {});
  await using transport = new Transport({ maxConnsPerHost: 1 });
  const both = [0, 1].map(() => get(transport, server.url).catch(() => "failed"));
  await until(() => server.heads.length === 1, "the first request");
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(server.heads.length, 1);
  assert.equal(transport.census().waiting, 1);
  await transport.close();
  assert.deepEqual(await Promise.all(both), ["failed", "failed"]);
});

test("pipelining: what a lost connection left unanswered is sent again, where that is safe", async () => {
  await using server = await ScriptedServer.start(({ head, socket, index, connection }) => {
    const path = / (\S+) /.exec(head)![1]!;
    if (connection > 0) socket.write(ok(path));
    else if (index === 2) socket.end(ok("/0", "Connection: close\r\n"));
  });
  await using transport = new Transport({ pipelining: 3, maxConnsPerHost: 1 });
  const methods = ["GET", "GET", "POST"];
  const results = await Promise.allSettled(
    methods.map((method, index) => get(transport, `${server.url}${index}`, { method })),
  );
  assert.deepEqual(results.slice(0, 2).map((result) => result.status === "fulfilled" && result.value), ["/0", "/1"]);
  const { reason } = results[2] as PromiseRejectedResult & { reason: TransportError };
  assert.deepEqual([reason.code, reason.side, reason.phase], ["pipelineBroken", "remote", "head"]);
  assert.equal(server.dials, 2);
  assert.equal(transport.census().totals.retried, 1);
});

test("pipelining: cancelling a request behind others costs the connection, and the others are sent again", async () => {
  await using server = await ScriptedServer.start(({ head, socket, connection }) => {
    if (connection > 0) socket.write(ok(/ (\S+) /.exec(head)![1]!));
  });
  await using transport = new Transport({ pipelining: 3, maxConnsPerHost: 1 });
  const controller = new AbortController();
  const results = [0, 1, 2].map((index) =>
    get(transport, `${server.url}${index}`, index === 1 ? { signal: controller.signal } : {})
      .catch((error: TransportError) => error.code)
  );
  await until(() => server.heads.length === 3, "three requests");
  controller.abort();
  assert.deepEqual(await Promise.all(results), ["pipelineBroken", "canceled", "/2"]);
  assert.deepEqual(transport.census().totals.closed, { canceled: 1 });
});

test("pipelining: a streamed body, an upgrade and a close have their connection to themselves", async () => {
  await using server = await ScriptedServer.start(() => {});
  await using transport = new Transport({ pipelining: 8 });
  const first = get(transport, server.url).catch(() => "failed");
  await until(() => server.heads.length === 1, "the first request");
  async function* pieces() {
    yield new Uint8Array([1]);
  }
  const others = [
    get(transport, server.url, { method: "POST", body: pieces() }),
    get(transport, server.url, { close: true }),
    get(transport, server.url, { headers: { Connection: "Upgrade", Upgrade: "x" } }),
  ].map((promise) => promise.catch(() => "failed"));
  await until(() => server.dials === 4, "a connection for each");
  const joins = get(transport, server.url).catch(() => "failed");
  await until(() => server.heads.length === 5, "one that joins the first");
  assert.equal(server.dials, 4);
  await transport.close();
  assert.deepEqual(await Promise.all([first, joins, ...others]), Array(5).fill("failed"));
});

/** The real adapter, with its writes counted. */
class CountingAdapter implements SocketAdapter {
  readonly name = "node";
  writes = 0;
  readonly #real = detectAdapter("auto");

  dial(...[address, handler]: Parameters<SocketAdapter["dial"]>): Socket {
    const socket = this.#real.dial(address, handler);
    const write = socket.write.bind(socket);
    socket.write = (bytes) => {
      this.writes += 1;
      return write(bytes);
    };
    return socket;
  }
}

/** Reads each body as soon as it is there, as a load does. */
class Reader extends Exchange {
  readonly #done: (error?: TransportError) => void;

  constructor(done: (error?: TransportError) => void) {
    super();
    this.#done = done;
  }

  override onHead(): void {
    this.read();
  }

  override onEnd(): void {
    this.#done();
  }

  override onError(error: TransportError): void {
    this.#done(error);
  }
}

test("pipelining: requests that responses of one read let go are written together", async () => {
  await using server = await ScriptedServer.start(answerInBatches(8, (socket, bytes) => socket.write(bytes)));
  const adapter = new CountingAdapter();
  await using transport = new Transport({ pipelining: 8, maxConnsPerHost: 1, adapter });
  const request = transport.prepare({ url: server.url });
  await Promise.all(Array.from({ length: 64 }, () =>
    new Promise<void>((resolve, reject) => {
      transport.send(request, new Reader((error) => error === undefined ? resolve() : reject(error)));
    })));
  assert.equal(server.heads.length, 64);
  assert.ok(adapter.writes <= 16, `${adapter.writes} writes for 64 requests`);
});

test("pipelining: no request goes behind one whose connection breaks, not even from its last bytes' callback", async () => {
  await using server = await ScriptedServer.start(({ head, socket }) => {
    socket.write(
      head.startsWith("GET /first ") ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far" : ok("second"),
    );
  });
  await using transport = new Transport({ pipelining: 4 });
  const first = transport.prepare({ url: new URL("/first", server.url).href });
  const second = transport.prepare({ url: new URL("/second", server.url).href });
  let held = false;
  let answered: Promise<void> | undefined;
  class Sending extends Exchange {
    override onHead(): void {
      held = true;
    }

    override onData(): void {
      answered ??= new Promise((resolve, reject) => {
        transport.send(second, new Reader((error) => error === undefined ? resolve() : reject(error)));
      });
    }

    override onEnd(): void {}

    override onError(): void {}
  }
  const exchange = new Sending();
  transport.send(first, exchange);
  await until(() => held, "the head of the first response");
  await new Promise((resolve) => setTimeout(resolve, 20)); // the bytes behind it are here as well
  exchange.cancel(new TransportError("enough", { code: "canceled", side: "local", phase: "body" }));
  assert.ok(answered !== undefined, "what was buffered is delivered before the error");
  await answered;
  assert.deepEqual(server.heads.map((head) => / (\S+) /.exec(head)![1]), ["/first", "/second"]);
  assert.equal(transport.census().totals.retried, 0);
});
