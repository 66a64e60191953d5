// Shards behind links that carry text, as a process's does: together they are the plan, and their results add up.

import assert from "node:assert/strict";
import test from "node:test";
import type { RunControl } from "../../../lib/load/run_control.ts";
import type { Second } from "../../../lib/load/observer.ts";
import type { OpenLink } from "../../../lib/load/link/link.ts";
import { runLoad, type RunOptions } from "../../../lib/load/run.ts";
import { runtimeInfo } from "../../../lib/record/runtime_info.ts";
import type { Result } from "../../../lib/result/result.ts";
import { summarize } from "../../../lib/result/summary.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import { UsageError } from "../../../lib/scenario/usage_error.ts";
import { ok, ScriptedServer, until } from "../../support/scripted_server.ts";
import { TextLink } from "./text_link.ts";

async function run(scenario: Scenario, links: readonly TextLink[], options: RunOptions = {}): Promise<Result> {
  const plan = resolve({ ...scenario, load: { grace: "30s", ...scenario.load } }, "test");
  const result = summarize(plan, await runLoad(plan, options, links.map(({ open }) => open)));
  const { offered, completed, failed, inFlight, unsent } = result.requests;
  assert.equal(offered, completed + failed + inFlight + unsent, "every request is accounted for");
  assert.equal(result.series.reduce((sum, line) => sum + line.offered, 0), offered);
  assert.equal(result.latencyUs.response.count, offered);
  return result;
}

const pathOf = (head: string): string => head.split(" ")[1]!;

test("linked shards: one host has the whole plan, and the result is its process's", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(100))));
  const link = new TextLink();
  const seconds: Second["line"][] = [];
  const aside: (string | undefined)[] = [];
  const result = await run(
    {
      request: { url: server.url, bodyPolicy: "hold" },
      load: { rps: 50, duration: "1200ms", warmup: "200ms", cooldown: "100ms", settle: "150ms" },
    },
    [link],
    {
      observers: [
        { second: ({ line }) => void seconds.push(line) },
        { tick: (now) => void (aside.at(-1) === now.aside || aside.push(now.aside)) },
      ],
    },
  );
  assert.deepEqual(link.kinds, [
    "loaded",
    "ready",
    "inventory",
    "warm",
    "second",
    "dispatched",
    "ended",
    "cooled",
    "inventory",
  ]);
  assert.deepEqual([result.warmup, result.requests.completed, result.cooldown], [{ offered: 10 }, 60, { offered: 5 }]);
  assert.equal(result.workers, undefined);
  const { socket, ...runtime } = result.runtime;
  assert.deepEqual(runtime, runtimeInfo());
  assert.ok(["node", "deno", "bun"].includes(socket));
  assert.ok(result.settle!.durationMs >= 150);
  assert.equal(result.settle!.live, 75);
  assert.deepEqual([...aside.slice(0, 2), aside.at(-1)], ["warming up", undefined, "settling"]);
  const { live } = result.connections; // those of the warm-up, too, and perhaps the first that cool down
  assert.ok(live.end >= 70 && live.end <= 75, `${live.end} live`);
  assert.deepEqual(seconds.map(({ offered }) => offered), [50, 10]);
  assert.equal(seconds[0]!.live, link.firstSecond.census.live, "as it stood when the second was over");
  assert.ok(result.memory.rssBytes.end > 10_000_000 && seconds[0]!.rssBytes > 10_000_000);
  assert.ok(result.memory.heapBytes.start > 100_000);
  assert.equal(result.leak.verdict, "leaking");
});

test("linked shards: several hosts send what one sends, and their processes add up", async () => {
  await using server = await ScriptedServer.start(({ head, socket }) =>
    socket.write(pathOf(head).startsWith("/b") ? "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n" : ok("x"))
  );
  const sent = async (hosts: number) => {
    server.heads.length = 0;
    const result = await run({
      baseUrl: server.url,
      requests: [{ name: "a", url: "/a/{{index}}/{{randomInt 1 1000}}", weight: 3 }, {
        name: "b",
        url: "/b/{{index}}",
      }],
      load: { rps: 200, requests: 61 },
    }, Array.from({ length: hosts }, () => new TextLink()));
    assert.equal(result.workers?.length, hosts === 1 ? undefined : hosts);
    const seen = (path: string) => server.heads.filter((head) => pathOf(head).startsWith(path)).length;
    assert.deepEqual(result.byRequest!.map(({ offered }) => offered), [seen("/a"), seen("/b")]);
    return { heads: server.heads.map(pathOf).sort(), rss: result.memory.rssBytes.start };
  };
  const alone = await sent(1);
  const three = await sent(3);
  assert.deepEqual(three.heads, alone.heads);
  // three hosts of one process each tell of all of it
  assert.ok(three.rss > 2.5 * alone.rss && three.rss < 4 * alone.rss, `${three.rss} of three, ${alone.rss} of one`);
});

test("linked shards: a host may have workers of its own, and tells of each", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const load = { rps: 100, duration: "1200ms", warmup: "100ms", cooldown: "100ms", workers: 2 };
  const result = await run({ request: { url: server.url }, load }, [new TextLink()]);
  assert.equal(result.requests.completed, 120);
  assert.deepEqual(result.workers?.map(({ completed }) => completed), [60, 60]);
  assert.deepEqual([result.warmup, result.cooldown], [{ offered: 10 }, { offered: 10 }]);
  assert.deepEqual(result.series.map(({ offered }) => offered), [100, 20]);
});

test("linked shards: a rule of the plan, an interrupt and a command reach every host", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const load = { rps: 100, duration: "60s" };
  const request = { url: server.url };
  const thresholds = [{ expression: "connections.dialed < 2", abort: true }];
  const broken = await run({ request, load, thresholds }, [new TextLink(), new TextLink()]);
  assert.match(broken.outcomeReason, /^connections\.dialed < 2 did not hold: it was \d/);

  const stop = new AbortController();
  const tick = ({ completed }: { readonly completed: number }) => completed > 20 && stop.abort();
  const links = [new TextLink(), new TextLink()];
  const interrupted = await run({ request, load }, links, { signal: stop.signal, observers: [{ tick }] });
  assert.equal(interrupted.outcome, "interrupted");
  assert.ok(links.every(({ told }) => told.some((text) => text.startsWith('{"kind":"stop"'))));

  let control: RunControl | undefined;
  const steered = [new TextLink(), new TextLink()];
  const done = run({ request, load: { ...load, rps: 20 } }, steered, { onControl: (given) => control = given });
  const before = server.heads.length;
  await until(() => server.heads.length > before + 5, "it runs");
  control!.apply({ kind: "rate", rps: 500 });
  const at = server.heads.length;
  await until(() => server.heads.length > at + 100, "it is faster");
  control!.apply({ kind: "quit" });
  const quit = await done;
  assert.deepEqual([quit.outcome, quit.outcomeReason], ["stopped", "it was told to quit"]);
  assert.deepEqual(quit.series.flatMap((line) => line.changes ?? []), ["rate 500/s"]);
  const asked = quit.rps.target! * quit.durationMs / 1000;
  const { offered } = quit.requests; // what fell due as it was told to quit may be unsent
  assert.ok(asked >= offered - 1 && asked < 1.5 * offered, `${asked} asked for, ${offered} offered`);
});

test("linked shards: one that dies ends the run with what it told", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const links = [new TextLink(), new TextLink()];
  const second = () => links[1]!.die("no power");
  const result = await run(
    { request: { url: server.url }, load: { rps: 100, duration: "60s" } },
    links,
    { observers: [{ second }] },
  );
  assert.deepEqual([result.outcome, result.outcomeReason], ["stopped", "process 2 of 2 died: no power"]);
  assert.equal(result.workers![1]!.offered, links[1]!.firstSecond.offered);
});

test("linked shards: one that dies while it is asked what is open, before the load or after it, is left out", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  /** Its host dies when it is asked for the n-th time. */
  const dying = (nth: number): OpenLink => {
    const link = new TextLink();
    let asked = 0;
    return (listener) => {
      const opened = link.open(listener);
      const tell: typeof opened.tell = (message) => {
        if (message.kind === "inventory" && (asked += 1) === nth) link.die("no power");
        else opened.tell(message);
      };
      return { ...opened, tell };
    };
  };
  const plan = resolve({ request: { url: server.url }, load: { rps: 100, requests: 10, settle: "100ms" } });
  const before = await runLoad(plan, {}, [new TextLink().open, dying(1)]);
  assert.deepEqual([before.outcome, before.reason], ["stopped", "process 2 of 2 died: no power"]);
  assert.equal(before.requests.offered, 0);
  const settling = await runLoad(plan, {}, [new TextLink().open, dying(3)]);
  assert.deepEqual([settling.outcome, settling.requests.completed], ["completed", 10]);
  assert.ok(settling.settled!.durationMs >= 100);
});

test("linked shards: what a host cannot open is the error that it would be here", async () => {
  const plan = resolve({ request: { url: "http://127.0.0.1/", body: "{{none}}" }, load: { requests: 1 } });
  await assert.rejects(
    runLoad(plan, {}, [new TextLink().open]),
    (error) => error instanceof UsageError && error.field === "request.body",
  );
});
