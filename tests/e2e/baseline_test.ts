// A run against a baseline, and two stored results, as a build would use them. The differences here are of size: what
// noise does to small ones is tested where they are worked out.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { type Finished, inFolder, loadgen } from "../support/cli.ts";
import type { ComparisonJson } from "../support/comparison.ts";

const RUN = ["-r", "100", "-d", "5s"];
const FAST = [...RUN, "--latency", "2ms"];
const SLOW = [...RUN, "--latency", "900ms"];

function refused({ code, stdout, stderr }: Finished, line: string): void {
  assert.equal(stderr, `loadgen: ${line}\n`);
  assert.equal(stdout, "");
  assert.equal(code, 2);
}

test("baseline: a run that is surely slower fails its rule, and the report and the result say so", () =>
  inFolder(async (folder) => {
    const [old, now] = ["old.json", "new.json"].map((name) => join(folder, name)) as [string, string];
    await loadgen([...FAST, "-o", old]);
    const rules = ["--fail-if", "p50 > +10%", "--fail-if", "errors > +20%"];
    const { code, stdout, stderr } = await loadgen([...SLOW, "--baseline", old, ...rules, "-o", now]);
    assert.equal(code, 99, stderr);
    assert.match(stdout, /Against old\.json\n/);
    assert.match(stdout, /Another plan: target\.latencyMs 900 against 2\.\n/);
    assert.match(stdout, /✗ p50 > \+10%: ×\d+ \(.+\), surely\n/);
    assert.match(stdout, /✓ errors > \+20%: /);
    const { baseline } = parseResult(readFileSync(now, "utf8"), "new.json");
    assert.deepEqual(baseline!.rules.map(({ failed }) => failed), [true, false]);

    const compared = await loadgen(["compare", old, now, "--json", "--fail-if", "p50 > +10%"]);
    assert.equal(compared.code, 99);
    const { columns, differences, rules: judged } = JSON.parse(compared.stdout) as ComparisonJson;
    assert.deepEqual(columns.map(({ label, rounds }) => [label, rounds.length]), [["old", 1], ["new", 1]]);
    assert.deepEqual([differences[0]!.metric, differences[0]!.column, differences[0]!.against], ["p50", "new", "old"]);
    assert.deepEqual([differences[0]!.verdict, judged[0]!.failed], ["higher", true]);
    const back = await loadgen(["compare", now, old, "--fail-if", "p50 > +10%"]);
    assert.equal(back.code, 0, "it got faster");
    assert.match(back.stdout, /✓ p50 > \+10%: -\d+ % \(.+\): lower/);
  }));

test("baseline: several of one plan, and a comparison of runtimes, judge changes too", () =>
  inFolder(async (folder) => {
    const olds = ["1.json", "2.json"].map((name) => join(folder, name));
    for (const old of olds) await loadgen([...FAST, "-o", old]);
    const baselines = olds.flatMap((old) => ["--baseline", old]);
    const run = await loadgen([...SLOW, ...baselines, "--fail-if", "p50 > +10%", "--json"]);
    assert.equal(run.code, 99, run.stderr);
    assert.deepEqual(parseResult(run.stdout, "stdout").baseline!.files, ["1.json", "2.json"]);
    const words = ["compare", "--runtimes", "node,bun", ...FAST, "--fail-if", "errors > +50%", "--json"];
    const { code, stdout, stderr } = await loadgen(words);
    assert.equal(code, 0, stderr);
    const { differences, rules } = JSON.parse(stdout) as ComparisonJson;
    assert.deepEqual([differences[0]!.against, differences[0]!.column], ["node", "bun"]);
    assert.equal(rules[0]!.failed, false);
  }));

test("baseline: what cannot be compared is refused in one line, before anything is sent", () =>
  inFolder(async (folder) => {
    const old = join(folder, "old.json");
    await loadgen([...FAST, "-o", old]);
    const noResult = join(folder, "no.json");
    writeFileSync(noResult, "{}");
    refused(
      await loadgen([...FAST, "--fail-if", "p99 > +10%"]),
      '--fail-if: needs --baseline: "p99 > +10%" is about a change',
    );
    refused(await loadgen([...FAST, "--baseline", join(folder, "gone.json")]), `${folder}/gone.json: no such file`);
    refused(
      await loadgen([...FAST, "--baseline", noResult]),
      `${noResult}: expected a result (loadgen/result@1) or the journal of a run`,
    );
    refused(
      await loadgen([...FAST, "-m", "POST", "--baseline", old]),
      `${old}: nothing can be compared with it: its request.method is GET, not POST`,
    );
    refused(
      await loadgen(["-r", "50", "-d", "3s", "--baseline", old, "--fail-if", "p99 > +10%"]),
      `${old}: "p99 > +10%" cannot be judged by it: its load.rps is 100, not 50`,
    );
    refused(
      await loadgen(["compare", old, old, "--fail-if", "p99 > 10ms"]),
      `--fail-if: expected a change beside result files, such as 'p99 > +10%', got "p99 > 10ms"`,
    );
    refused(
      await loadgen(["compare", "--runtimes", "node", "--fail-if", "p99 > +10%"]),
      '--fail-if: needs two --runtimes: "p99 > +10%" is about a change',
    );
    refused(
      await loadgen([...FAST, "--abort-if", "p99 > +10%"]),
      '--abort-if: expected a rule without a sign: a change is judged at the end, got "p99 > +10%"',
    );
    const stored = JSON.parse(readFileSync(old, "utf8"));
    delete stored.blocks;
    writeFileSync(noResult, JSON.stringify(stored));
    refused(
      await loadgen([...FAST, "--baseline", noResult, "--fail-if", "p99 > +10%"]),
      `${noResult}: "p99 > +10%" cannot be judged by it: an earlier version wrote it`,
    );
  }));
