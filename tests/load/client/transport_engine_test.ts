import assert from "node:assert/strict";
import test from "node:test";
import { systemClock } from "../../../lib/core/clock.ts";
import { openEngine } from "../../../lib/load/client/open_engine.ts";
import { generatorOf } from "../../../lib/load/generator/generator_of.ts";
import { EconomyPacer } from "../../../lib/load/pacer/economy_pacer.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { WHOLE } from "../../../lib/scenario/resolve/share.ts";
import { ok, ScriptedServer } from "../../support/scripted_server.ts";

test("transport engine: it counts the bodies that are held, as long as there is something of them to hold", async () => {
  await using server = await ScriptedServer.start(({ socket, connection }) =>
    socket.write(connection === 0 ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nxxx" : ok("x"))
  );
  const plan = resolve({
    request: { url: server.url, bodyPolicy: "hold" },
    load: { requests: 6, connections: 2 },
  });
  const engine = openEngine(plan, {}, false, WHOLE);
  assert.equal(engine.name, "loadgen");
  const never = { beforeSend: () => undefined, onError: () => undefined };
  const generator = generatorOf(plan, engine, never, new EconomyPacer(systemClock), systemClock);
  generator.start();
  await generator.ended;
  assert.deepEqual([engine.held, engine.counts.inUse, engine.census().readLoops], [6, 6, { awaitingBodyRead: 6 }]);
  assert.deepEqual([generator.tally.completed, generator.tally.failed], [6, 0]);

  server.sockets[0]!.destroy();
  const deadline = performance.now() + 5000;
  while (engine.held === 6 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(engine.held, engine.counts.inUse);
  await engine.close();
  assert.deepEqual([engine.held, engine.counts.inUse, generator.tally.failed], [0, 0, 0]);
});
