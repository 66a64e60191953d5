import { Command } from "@commander-js/extra-typings";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { withPlanFlags } from "../../cli/flag/plan_flags.ts";
import { planFromWords } from "../../cli/plan/plan_from_words.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { inFolder } from "../support/cli.ts";

/** The plan for what stands on a command line. */
async function plan(args: readonly string[]): Promise<Plan> {
  const command = withPlanFlags(new Command()).argument("[word]");
  command.parse(args, { from: "user" });
  return (await planFromWords(command.args[0], command.opts(), [])).plan;
}

function flags(args: readonly string[]): unknown {
  return withPlanFlags(new Command()).parse(args, { from: "user" }).opts();
}

test("flags: --no-close, --no-read and --no-drain negate nothing and default to nothing", () => {
  assert.deepEqual(flags([]), {});
  assert.deepEqual(flags(["--no-close", "--no-read", "--no-drain"]), { noClose: true, noRead: true, noDrain: true });
});

test("flags: a value may follow its flag, stick to it, or come after an equals sign", async () => {
  for (const args of [["-r", "500", "-c", "64"], ["-r500", "-c64"], ["--rps=500", "--connections=64"]]) {
    const { load, transport } = await plan(args);
    assert.deepEqual([load.rps, transport.maxConnsPerHost], [500, 64], args.join(" "));
  }
});

test("flags: --client says who sends, and what a fetch does not heed is refused by its flag", async () => {
  assert.equal((await plan(["--client", "fetch"])).load.client, "fetch");
  for (
    const [flag, ...rest] of [
      ["--max-conns", "3"],
      ["--socket", "node"],
      ["--insecure"],
      ["--proxy", "http://127.0.0.1:1"],
      ["--unix-socket", "/s"],
      ["--pipeline", "2"],
      ["--no-drain"],
    ] as const
  ) {
    const words = ["http://h/", "--client", "fetch", flag, ...rest];
    await assert.rejects(plan(words), {
      name: "UsageError",
      field: flag,
      problem: /^cannot be used with --client fetch/,
    });
  }
});

test("flags: --expect-status takes codes and classes, or any", async () => {
  const expected = async (list: string) => (await plan(["--expect-status", list])).requests[0]!.expect.status;
  assert.deepEqual(await expected("2xx,404"), ["2xx", 404]);
  assert.deepEqual(await expected("200"), [200]);
  assert.equal(await expected("any"), undefined);
  for (const list of ["", "6xx", "600", "2XX", "2xx,", "any,2xx", "20", "200;201"]) {
    assert.throws(() => flags(["--expect-status", list]), {
      name: "UsageError",
      message: "--expect-status: expected a status such as 200, a class such as 2xx, a list of them, or any, got " +
        JSON.stringify(list),
    });
  }
});

test("flags: --rate and --qps are --rps", async () => {
  assert.equal((await plan(["--rate", "2.5"])).load.rps, 2.5);
  assert.equal((await plan(["--qps=3"])).load.rps, 3);
  await assert.rejects(plan(["--rate", "2", "--qps", "3"]), { name: "UsageError", field: "--qps" });
});

test("flags: each one reaches its place in the plan", async () => {
  const { requests: [request], load, transport } = await plan(
    "https://h:81/p -m PUT -b hi -t 5s -n 7 -d 3s --grace 0 --warmup 1s --cooldown 2s --settle 3s -c 2 --no-read --disable-keepalive --max-conns 9"
      .split(" ")
      .concat("--idle-timeout 0 --no-drain --unix-socket /s --socket node -x none".split(" ")),
  );
  assert.deepEqual(request, {
    name: "PUT https://h:81/p",
    path: "request",
    weight: 1,
    method: "PUT",
    url: "https://h:81/p",
    headers: [],
    user: undefined,
    body: "hi",
    bodyFile: undefined,
    bodyIsJson: false,
    bodyPolicy: "close",
    timeoutMs: 5000,
    expect: { status: ["1xx", "2xx", "3xx"], headers: [], bodyIncludes: undefined },
  });
  assert.deepEqual(load, {
    client: "loadgen",
    rps: undefined,
    stages: undefined,
    arrivals: "constant",
    seed: 1,
    timestamps: undefined,
    durationMs: 3000,
    requests: 7,
    connections: 2,
    pipeline: 1,
    thinkTimeMs: 0,
    graceMs: 0,
    warmupMs: 1000,
    cooldownMs: 2000,
    settleMs: 3000,
    pacing: "precise",
    workers: 1,
  });
  assert.deepEqual(transport, {
    disableKeepAlives: true,
    maxIdleConnsPerHost: undefined,
    maxConnsPerHost: 9,
    idleConnTimeoutMs: 0,
    drainOnClose: false,
    unixSocket: "/s",
    proxy: undefined,
    socket: "node",
  });
  assert.equal((await plan(["--max-idle", "4"])).transport.maxIdleConnsPerHost, 4);
});

test("flags: stages add up in their order, and arrivals, seed, think time and pacing reach the plan", async () => {
  const { load } = await plan([
    "-r5",
    "--stage",
    "30s:100",
    "--stage=0:1e3",
    "--stage=5s:0",
    "--arrivals",
    "poisson",
    "--seed=7",
  ]);
  const { rps, stages, arrivals, seed, durationMs } = load;
  assert.deepEqual(stages, [{ durationMs: 30_000, rps: 100 }, { durationMs: 0, rps: 1000 }, {
    durationMs: 5000,
    rps: 0,
  }]);
  assert.deepEqual([rps, arrivals, seed, durationMs], [5, "poisson", 7, 35_000]);
  assert.equal((await plan(["-r5", "--pacing", "economy"])).load.pacing, "economy");
  assert.equal((await plan(["--think-time", "1.5s"])).load.thinkTimeMs, 1500);
  assert.equal((await plan(["--stage", "1m:5", "-d", "10s"])).load.durationMs, 10_000);
});

test("flags: a scenario's timestamps lie beside its file, those of a flag in the current folder", () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, "times.txt"), "0\n1\n");
    const file = join(folder, "mine.json");
    writeFileSync(file, JSON.stringify({ load: { timestamps: "times.txt" } }));
    assert.equal((await plan([file])).load.timestamps, join(folder, "times.txt"));
    await assert.rejects(plan(["--timestamps", "times.txt"]), { name: "UsageError", field: "--timestamps" });
    assert.deepEqual((await plan([file, "--rps", "5"])).load.timestamps, undefined);
  }));

test("flags: the embedded target's sizes, alone and as a range", async () => {
  const fixed = await plan(["--body-bytes", "16KiB", "--latency", "5ms", "--chunked", "--slow-body", "1s"]);
  assert.deepEqual(fixed.target, {
    bodyBytes: 16_384,
    bodyBytesMax: undefined,
    latencyMs: 5,
    chunked: true,
    slowBodyMs: 1000,
  });
  const { target } = await plan(["--body-bytes", "100-2KiB"]);
  assert.deepEqual([target.bodyBytes, target.bodyBytesMax], [100, 2048]);
});

test("flags: headers add up, in any letters", async () => {
  const { requests: [request] } = await plan(["-H", "X-A: 1", "-H", "Accept: text/html", "-H", "x-a: 2"]);
  assert.deepEqual(request!.headers, [["X-A", "1"], ["X-A", "2"], ["Accept", "text/html"]]);
});

test("flags: a file's fields are overridden one by one, and a URL takes its target's place", () =>
  inFolder(async (folder) => {
    const file = join(folder, "mine.json");
    writeFileSync(
      file,
      JSON.stringify({ load: { rps: 5, duration: "3s" }, target: { latency: "1s" }, request: { method: "PUT" } }),
    );
    const { name, load, requests: [request] } = await plan([file, "--rps", "9", "--url", "http://h/"]);
    assert.equal(name, "mine");
    assert.deepEqual([load.rps, load.durationMs], [9, 3000]);
    assert.deepEqual([request!.method, request!.url], ["PUT", "http://h/"]);
  }));

test("flags: a body comes from a file", () =>
  inFolder(async (folder) => {
    const file = join(folder, "body.txt");
    writeFileSync(file, "héllo\n");
    assert.equal((await plan(["--body-file", file])).requests[0]!.bodyFile, file);
    await assert.rejects(plan(["--body-file", file, "-b", "x"]), { name: "UsageError", field: "--body-file" });
  }));
