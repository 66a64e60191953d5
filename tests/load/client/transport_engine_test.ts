import assert from "node:assert/strict";
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

  await engine.close();
  assert.deepEqual([engine.held, engine.counts.inUse, generator.tally.failed], [0, 0, 0]);
});
