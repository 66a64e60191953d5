import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { after } from "node:test";
import { planLines } from "../../cli/plan/plan_lines.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { inFolder, loadgen } from "../support/cli.ts";
import { CliHost } from "../support/cli_host.ts";
import { ScriptedServer } from "../support/scripted_server.ts";

const host = new CliHost({ COLUMNS: "" });
after(() => host[Symbol.dispose]());

/** What a dry run prints, line by line. */
async function dryRun(args: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await host.run([...args, "--dry-run"]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  return stdout.trimEnd().split("\n");
}

test("dry run: prints the plan and its curve, and sends nothing", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.end());
  const lines = await dryRun(["--url", server.url, "--rps", "100", "--stage", "30s:1000", "--stage", "1m:1000"]);
  assert.deepEqual(lines, [
    "100 → 1,000 rps over 30 s, then 1,000 rps for 1 m, up to ∞ connections, bodies read to their end",
    `to ${server.url}`,
    "▂▃▃▄▅▆▇██████████████████  76,500 requests in 1 m 30 s, mean 850/s, peak 1,000/s",
  ]);
  assert.equal(server.dials, 0);
});

test("dry run: on a terminal the plan breaks between words, in a pipe not at all", () => {
  const planned = { plan: resolve({ load: { rps: 100, warmup: "2s" } }), inputs: {} };
  const view = { columns: 40, color: false, isTerminal: true };
  const lines = planLines(planned, view, { full: false }).split("\n");
  assert.deepEqual(lines, [
    "100 rps in all, 10 s, up to ∞",
    "connections, after 2 s of warm-up,",
    "bodies read to their end",
    "to an embedded target with 1 KiB bodies",
  ]);
  assert.equal(
    planLines(planned, { ...view, isTerminal: false }, { full: false }),
    lines.slice(0, 3).join(" ") + "\n" + lines[3],
  );
});

test("dry run: tells how many requests a seed's Poisson arrivals are", async () => {
  const [words, , curve] = await dryRun(["-r", "500", "--arrivals", "poisson", "--seed", "7"]);
  assert.match(words!, /^500 rps in all, Poisson arrivals \(seed 7\), 10 s,/);
  assert.match(curve!, /^█{40} {2}4,[89]\d\d requests in 10 s$|^█{40} {2}5,[01]\d\d requests in 10 s$/);
});

test("dry run: of a closed loop there is no curve", async () => {
  const lines = await dryRun(["-c", "2", "--think-time", "100ms"]);
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /^2 senders that wait 100 ms between requests, 10 s,/);
});

test("dry run: of a replay it says what the file holds", () =>
  inFolder(async (folder) => {
    const times = join(folder, "times.txt");
    writeFileSync(times, "2026-01-01T00:00:00Z\n2026-01-01T00:00:01Z\n2026-01-01T00:00:04Z\n");
    const lines = await dryRun(["--timestamps", times]);
    assert.ok(lines[0]!.startsWith(`at the times in ${times}, up to ∞ connections`));
    assert.match(lines[2]!, /3 requests in 4 s/);
  }));

test("run: stages end to end; their curve stands under the plan", async () => {
  const args = ["--stage", "0:200", "--stage", "500ms:200", "--stage", "500ms:0"];
  const { code, stdout } = await loadgen(args, { env: { COLUMNS: "" } });
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^200 rps for 500 ms, then 200 → 0 rps over 500 ms, .*\nto an embedded .*\n[▁-█]+ {2}150 requests/,
  );
  assert.match(stdout, /150 completed/);
});

test("run: a replay under another process reads the same file", () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, "times.txt"), "0\n0.1\n0.1\n0.2\n");
    const file = join(folder, "mine.json");
    writeFileSync(file, JSON.stringify({ load: { timestamps: "times.txt" } }));
    const { code, stdout } = await loadgen(["compare", file, "--runtimes", "node", "--no-tui"]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /█ {2}4 requests in 0\.2 s\n/);
    assert.match(stdout, /rate asked for +20\/s/);
  }));
