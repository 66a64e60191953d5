// Who is to blame for slow responses, in real runs: the threads are starved and the servers slow on purpose.

import assert from "node:assert/strict";
import test from "node:test";
import { runLoad } from "../../../lib/load/run.ts";
import type { Result } from "../../../lib/result/result.ts";
import { summarize } from "../../../lib/result/summary.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { DeafServer } from "../../support/deaf_server_process.ts";
import { ok, ScriptedServer } from "../../support/scripted_server.ts";

async function measure(url: string, load: { rps?: number; connections?: number }): Promise<Result> {
  const plan = resolve({ request: { url, timeout: "0" }, load: { ...load, duration: "3s", grace: "100ms" } });
  return summarize(plan, await runLoad(plan));
}

/** In how many seconds this was the limit. */
function secondsOf({ series }: Result, limit: Result["generator"]["limit"]): number {
  return series.filter((line) => line.limit === limit).length;
}

/** Takes this thread's time away, but for short breaks, until it is told to stop. */
function starve(): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const burn = (): void => {
    const until = performance.now() + 250;
    while (performance.now() < until);
    timer = setTimeout(burn, 50);
  };
  timer = setTimeout(burn, 50);
  return () => clearTimeout(timer);
}

for (const load of [{ rps: 100 }, { connections: 4 }]) {
  const loop = "rps" in load ? "an open" : "a closed";
  test(`limit: ${loop} loop whose thread is starved blames the generator, not the server`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
    const stop = starve();
    const result = await measure(server.url, load);
    stop();
    assert.deepEqual([result.generator.verdict, result.generator.limit], ["saturated", "generator"]);
    assert.ok(secondsOf(result, "generator") > 0, JSON.stringify(result.series));
  });
}

test("limit: a server that answers after a second is the limit, and the generator is not", async () => {
  await using server = await ScriptedServer.start(({ socket }) => void setTimeout(() => socket.write(ok("x")), 1000));
  const result = await measure(server.url, { rps: 40 });
  assert.deepEqual([result.generator.verdict, result.generator.limit], ["healthy", "server"]);
  assert.ok(secondsOf(result, "server") > secondsOf(result, "generator"), JSON.stringify(result.series));
});

test("limit: a server that stops answering is the limit from then on", async () => {
  let answers = 0;
  await using server = await ScriptedServer.start(({ socket }) => {
    if (answers++ < 50) socket.write(ok("x"));
  });
  const result = await measure(server.url, { rps: 50 });
  assert.deepEqual([result.requests.completed, result.generator.limit], [50, "server"]);
  assert.ok(secondsOf(result, "server") > secondsOf(result, "generator"), JSON.stringify(result.series));
});

test("limit: a server that accepts nothing is the limit, and every request is censored", async () => {
  await using server = await DeafServer.start();
  const result = await measure(`http://127.0.0.1:${server.port}/`, { rps: 40 });
  assert.deepEqual([result.requests.completed, result.generator.limit], [0, "server"]);
  assert.ok(secondsOf(result, "server") > secondsOf(result, "generator"), JSON.stringify(result.series));
  assert.equal(result.requests.censored, result.requests.offered);
});
