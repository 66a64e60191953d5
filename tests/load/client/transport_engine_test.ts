import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import test from "node:test";
import { systemClock } from "../../../lib/core/clock.ts";
import { openEngine } from "../../../lib/load/client/open_engine.ts";
import { generatorOf } from "../../../lib/load/generator/generator_of.ts";
import { EconomyPacer } from "../../../lib/load/pacer/economy_pacer.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { WHOLE } from "../../../lib/scenario/resolve/share.ts";
import { ok, ScriptedServer } from "../../support/scripted_server.ts";

test("transport engine: it counts the bodies that are held until it is closed, which fails no request", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const { engine, tally } = await run(server, { requests: 6, connections: 2 });
  assert.equal(engine.name, "loadgen");
  assert.deepEqual([engine.counts.heldBodies, engine.counts.inUse], [6, 6]);
  const { heldBodies, readLoops } = engine.census();
  assert.deepEqual([heldBodies, readLoops], [6, { awaitingBodyRead: 6 }]);
  assert.deepEqual([tally.completed, tally.failed, tally.heldByRequest(1)], [6, 0, [6]]);

  await engine.close();
  assert.deepEqual([engine.counts.heldBodies, engine.counts.inUse], [0, 0]);
  assert.deepEqual([tally.completed, tally.failed, tally.heldByRequest(1)], [6, 0, [0]]);
});

for (const requests of [1, 2]) {
  test(`transport engine: a held body whose connection dies is held no more (requests in the plan: ${requests})`, async () => {
    await using server = await HastyServer.start();
    const { engine, tally } = await run(server, { requests: 6, connections: 3 }, requests, "x".repeat(16_000_000));
    const sum = () => tally.heldByRequest(requests).reduce((all, held) => all + held, 0);
    assert.deepEqual([engine.counts.heldBodies, sum()], [6, 6]);
    assert.equal(tally.byRequest(requests)[0]!.held, tally.heldByRequest(requests)[0]);

    for (const socket of server.sockets.slice(0, 4)) socket.resetAndDestroy();
    await until(() => engine.counts.inUse === 2);
    assert.deepEqual([engine.counts.heldBodies, engine.census().heldBodies, sum()], [2, 2, 2]);
    assert.deepEqual([tally.completed, tally.failed], [6, 0], "its request was answered all the same");
    await engine.close();
  });
}

test("transport engine: what answers after the run is held by its request all the same", async () => {
  const late: (() => void)[] = [];
  await using server = await ScriptedServer.start(({ socket }) => late.push(() => socket.write(ok("late"))));
  const { engine, tally } = await run(server, { rps: 30, duration: "100ms", grace: "200ms" });
  assert.deepEqual([tally.completed, tally.inFlight, engine.counts.heldBodies], [0, 3, 0]);
  for (const answer of late) answer();
  await until(() => engine.counts.heldBodies === 3);
  assert.deepEqual([tally.completed, tally.inFlight, tally.heldByRequest(1)], [0, 3, [3]]);
  await engine.close();
  assert.deepEqual(tally.heldByRequest(1), [0]);
});

/** Answers before it has the request, of which it reads no more: so its client, still writing, sees that it died. */
class HastyServer implements AsyncDisposable {
  readonly sockets: Socket[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((socket) => {
      this.sockets.push(socket);
      const whole = this.sockets.length % 2 === 0;
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.pause();
        socket.write(whole ? ok("all of it") : "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nsome of it");
      });
    });
  }

  static async start(): Promise<HastyServer> {
    const server = new HastyServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Sends a load that holds every body, to its end. */
async function run({ url }: { readonly url: string }, load: object, requests = 1, body?: string) {
  const several = Array.from({ length: requests }, (_, index) => ({
    name: `r${index}`,
    url,
    body,
    bodyPolicy: "hold" as const,
  }));
  const plan = resolve({ requests: several, load });
  const engine = openEngine(plan, {}, false, WHOLE);
  const never = { beforeSend: () => undefined, onError: () => undefined };
  const generator = generatorOf(plan, engine, never, new EconomyPacer(systemClock), systemClock);
  generator.start();
  await generator.ended;
  return { engine, tally: generator.tally };
}
