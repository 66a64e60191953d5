import assert from "node:assert/strict";
import test from "node:test";
import { Client } from "../../lib/client/client.ts";
import { ok, ScriptedServer, until } from "../support/scripted_server.ts";
import { EveryHost, moved } from "./every_host.ts";

/** Distinctive, and far beyond any test's end. */
const LIMIT_MS = 1_234_567;

const HALF = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far";

/** The timers set for LIMIT_MS and not cleared. */
interface Timers {
  pending(): number;
  /** The time is up. */
  fire(): void;
}

/** Runs with a hand on the time limit's timers. */
async function withTimers(run: (timers: Timers) => Promise<void>): Promise<void> {
  const { setTimeout, clearTimeout } = globalThis;
  const pending = new Map<unknown, () => void>();
  globalThis.setTimeout = ((callback: () => void, delayMs: number) => {
    const handle = setTimeout(callback, delayMs);
    if (delayMs === LIMIT_MS) pending.set(handle, callback);
    return handle;
  }) as typeof setTimeout;
  globalThis.clearTimeout = (handle) => {
    pending.delete(handle);
    clearTimeout(handle);
  };
  const fire = () => pending.forEach((callback) => callback());
  try {
    await run({ pending: () => pending.size, fire });
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }
}

/** A signal that knows how many listeners it has. */
function countedSignal(): { controller: AbortController; listeners: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  const listening = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (type: string, listener: () => void) => {
    listening.add(listener);
    addEventListener.call(signal, type, listener);
  };
  signal.removeEventListener = (type: string, listener: () => void) => {
    listening.delete(listener);
    removeEventListener.call(signal, type, listener);
  };
  return { controller, listeners: () => listening.size };
}

test("timeout: before the head, the error says so and the connection is closed", async () => {
  await withTimers(async ({ fire }) => {
    await using server = await ScriptedServer.start(() => {});
    await using client = new Client({ timeoutMs: LIMIT_MS });
    const rejected = assert.rejects(client.get(server.url), {
      name: "TransportError",
      code: "timeout",
      side: "local",
      phase: "head",
      message: "request canceled (Client.Timeout exceeded while awaiting headers)",
    });
    await until(() => server.heads.length === 1, "the request is there");
    fire();
    await rejected;
    assert.equal(client.transport.census().live, 0);
  });
});

test("timeout: in the body, the error says so, after the bytes that came", async () => {
  await withTimers(async ({ fire }) => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(HALF));
    await using client = new Client({ timeoutMs: LIMIT_MS });
    const { body } = await client.get(server.url);
    assert.equal(new TextDecoder().decode((await body.read())!), "so far");
    const rejected = assert.rejects(body.read(), {
      name: "TransportError",
      code: "timeout",
      phase: "body",
      message: "request canceled (Client.Timeout exceeded while reading body)",
    });
    fire();
    await rejected;
    assert.equal(client.transport.census().live, 0);
  });
});

test("timeout: ends a body that nobody reads or closes, and frees its connection", async () => {
  await withTimers(async ({ fire }) => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(HALF));
    await using client = new Client({ timeoutMs: LIMIT_MS });
    const response = await client.get(server.url);
    assert.equal(client.transport.census().inUse, 1);
    fire();
    assert.equal(client.transport.census().live, 0);
    await assert.rejects(response.body.text(), { code: "timeout" });
  });
});

test("timeout: one limit covers all hops", async () => {
  await withTimers(async ({ pending, fire }) => {
    await using hosts = await EveryHost.start(({ at }) => at === "a.test/1" ? moved(302, "/2") : undefined, {
      timeoutMs: LIMIT_MS,
    });
    const answer = hosts.client.get("http://a.test/1");
    const rejected = assert.rejects(answer, { code: "timeout", message: /while awaiting headers/ });
    await until(() => hosts.seen.length === 2, "the redirect is followed");
    assert.equal(pending(), 1);
    fire();
    await rejected;
  });
});

test("timeout: passes by itself", async () => {
  await using server = await ScriptedServer.start(() => {});
  await using client = new Client({ timeoutMs: 50 });
  await assert.rejects(client.get(server.url), { code: "timeout" });
});

test("timeout: covers a redirect's body that does not come", async () => {
  await using hosts = await EveryHost.start(
    ({ at }) => at === "a.test/1" ? "HTTP/1.1 302 Found\r\nLocation: /2\r\nContent-Length: 10\r\n\r\n" : ok(""),
    { timeoutMs: 20 }, // less than such a body is waited for
  );
  await assert.rejects(hosts.client.get("http://a.test/1"), { code: "timeout", message: /while awaiting headers/ });
  assert.equal(hosts.seen.length, 1);
});

test("timeout: the caller's signal still works, before the head and in the body", async () => {
  await using server = await ScriptedServer.start(({ socket, connection }) => connection > 0 && socket.write(HALF));
  await using client = new Client({ timeoutMs: LIMIT_MS });
  const reason = new Error("enough");

  const first = new AbortController();
  const pending = client.do({ url: server.url, signal: first.signal });
  await until(() => server.heads.length === 1, "the request is there");
  first.abort(reason);
  await assert.rejects(
    pending,
    (error: Error & { code: string }) => error.code === "canceled" && error.cause === reason,
  );

  const second = new AbortController();
  const { body } = await client.do({ url: server.url, signal: second.signal });
  await body.read();
  second.abort(reason);
  await assert.rejects(
    body.read(),
    (error: Error & { code: string }) => error.code === "canceled" && error.cause === reason,
  );

  await assert.rejects(client.do({ url: server.url, signal: AbortSignal.abort(reason) }), { code: "canceled" });
  assert.equal(server.dials, 2);
});

test("timeout: no timer and no listener is left behind, however a request ends", async () => {
  const answers: Record<string, string> = {
    "/whole": ok("whole"),
    "/empty": ok(""),
    "/half": HALF,
    "/moved": moved(302, "/whole"),
    "/moved/empty": moved(302, "/empty"),
    "/moved/body": "HTTP/1.1 302 Found\r\nLocation: /half\r\nContent-Length: 5\r\n\r\nthere",
    "/refused": moved(302, "http://[::1"),
    "/broken": "nonsense\r\n\r\n",
  };
  const ends: [path: string, end: (client: Client, url: string, signal: AbortSignal) => Promise<unknown>][] = [
    ["/whole", async (client, url, signal) => await (await client.do({ url, signal })).body.text()],
    ["/whole", async (client, url, signal) => (await client.do({ url, signal })).body.close()],
    ["/half", async (client, url, signal) => (await client.do({ url, signal })).body.close()],
    ["/empty", (client, url, signal) => client.do({ url, signal })],
    ["/moved", async (client, url, signal) => await (await client.do({ url, signal })).body.text()],
    ["/moved/empty", (client, url, signal) => client.do({ url, signal })],
    ["/moved/body", async (client, url, signal) => (await client.do({ url, signal })).body.close()],
    ["/refused", (client, url, signal) => assert.rejects(client.do({ url, signal }))],
    ["/broken", (client, url, signal) => assert.rejects(client.do({ url, signal }))],
    ["/whole", (client, _, signal) => assert.rejects(client.do({ url: "ftp://a.test/", signal }))],
    ["/whole", (client, url) => assert.rejects(client.do({ url, signal: AbortSignal.abort() }))],
    ["/whole", async (client, url, signal) => await (await client.fetch(url, { signal })).text()],
    ["/half", async (client, url, signal) => await (await client.fetch(url, { signal })).body!.cancel()],
    ["/half", async (client, url, signal) => await client.fetch(url, { signal, method: "HEAD" })],
    ["/moved", (client, url, signal) => assert.rejects(client.fetch(url, { signal, redirect: "error" }))],
    ["/half", async (client, url, signal) => {
      const { body } = await client.do({ url, signal });
      await client.transport.close();
      await assert.rejects(body.text());
    }],
  ];
  await withTimers(async ({ pending }) => {
    for (const [path, end] of ends) {
      await using server = await ScriptedServer.start(({ head, socket }) =>
        socket.write(answers[head.split(" ")[1]!]!)
      );
      await using client = new Client({ timeoutMs: LIMIT_MS });
      const { controller, listeners } = countedSignal();
      await end(client, new URL(path, server.url).href, controller.signal);
      assert.deepEqual([pending(), listeners()], [0, 0], `${path}: ${end}`);
    }
  });
});

test("timeout: the timer runs as long as the body is open", async () => {
  await withTimers(async ({ pending }) => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(HALF));
    await using client = new Client({ timeoutMs: LIMIT_MS });
    const response = await client.get(server.url);
    assert.equal(pending(), 1);
    response.body.close();
    assert.equal(pending(), 0);
  });
});
