// The library's face: a plan in, its result out.

import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../../lib/result/load.ts";
import { resultSchema } from "../../lib/result/result.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";

test("load(plan): a threshold that says so ends the run, in one thread or in several", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  for (const workers of [1, 2]) {
    const plan = resolve({
      request: { url: server.url },
      load: { rps: 50, duration: "60s", workers },
      thresholds: [{ expression: "max < 1us", abort: true }],
    });
    const { outcome, outcomeReason, durationMs, thresholds } = await load(plan);
    assert.deepEqual([outcome, thresholds[0]!.failed], ["stopped", true]);
    assert.match(outcomeReason, /^max < 1us did not hold: it was .* after \d/);
    assert.ok(durationMs >= 1000 && durationMs < 30_000, `${durationMs} ms`);
  }
});

test("load(plan): a threshold that does not say so fails the run at its end", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const plan = resolve({
    request: { url: server.url },
    load: { rps: 50, duration: "1200ms", grace: "100ms" },
    thresholds: ["max < 1us"],
  });
  const { outcome, requests, thresholds } = await load(plan);
  assert.deepEqual([outcome, requests.completed, thresholds[0]!.failed], ["completed", 60, true]);
});

test("load(plan): the result is one of the schema, without secrets, and an interrupt gives what there is", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const plan = resolve({
    request: { url: server.url, headers: { authorization: "Bearer hunter2" } },
    load: { rps: 100, duration: "60s" },
  });
  const stop = new AbortController();
  const tick = ({ completed }: { readonly completed: number }) => completed > 5 && stop.abort();
  const result = await load(plan, { signal: stop.signal, observers: [{ tick }] });
  assert.doesNotThrow(() => resultSchema.parse(result));
  assert.equal(result.outcome, "interrupted");
  assert.ok(!JSON.stringify(result).includes("hunter2"));
});

test("load(plan): a template that cannot be filled rejects", async () => {
  const plan = resolve({ request: { url: "http://127.0.0.1/", body: "{{none}}" }, load: { requests: 1 } });
  await assert.rejects(load(plan), (error) => error instanceof UsageError && error.field === "request.body");
});
