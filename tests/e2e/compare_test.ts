import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { inFolder, loadgen } from "../support/cli.ts";
import { columnsOf, type ComparisonJson } from "../support/comparison.ts";

type Column = ComparisonJson["columns"][number];

const PLAN = ["-r", "50", "-n", "20"];

/** A stand-in for a runtime that does something else. */
function fake(folder: string, name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test("compare: the same plan runs under each runtime, and each result goes to its own file", () =>
  inFolder(async (folder) => {
    const out = join(folder, "out.json");
    const { code, stdout, stderr } = await loadgen(["compare", ...PLAN, "--json", "-o", out]);
    assert.equal(code, 0, stderr);
    const columns = columnsOf(stdout);
    assert.deepEqual(columns.map(({ label }) => label), ["node", "deno", "bun"]);
    for (const { label, result } of columns) {
      assert.equal(result?.runtime.name, label);
      assert.equal(result?.requests.completed, 20);
      const stored = parseResult(readFileSync(join(folder, `out.${label}.json`), "utf8"), label);
      assert.deepEqual(stored, result);
    }
    assert.ok(!existsSync(out));
  }));

test("compare: with rounds the runtimes take turns, each result goes to its own file, and all of them count", () =>
  inFolder(async (folder) => {
    const out = join(folder, "out.json");
    const words = ["compare", "--runtimes", "node,bun", "--rounds", "2", ...PLAN, "--json", "-o", out];
    const { code, stdout, stderr } = await loadgen(words);
    assert.equal(code, 0, stderr);
    const { columns } = JSON.parse(stdout) as ComparisonJson;
    assert.deepEqual(columns.map(({ label, rounds }) => [label, rounds.length]), [["node", 2], ["bun", 2]]);
    const starts = [0, 1].flatMap((round) => columns.map(({ rounds }) => rounds[round]!.startedAt));
    assert.deepEqual(starts, starts.toSorted());
    for (const { label, runtime, client, rounds, median } of columns) {
      assert.deepEqual([runtime, client], [label, "loadgen"]);
      const [one, two] = rounds.map(({ latencyUs: { response } }) => response.p50) as [number, number];
      assert.equal(median!["p50"], (one + two) / 2);
    }
    for (const name of ["node.1", "node.2", "bun.1", "bun.2"]) assert.ok(existsSync(join(folder, `out.${name}.json`)));
    const none = await loadgen(["compare", "--rounds", "0"]);
    assert.equal(none.stderr, 'loadgen: --rounds: expected a whole number from 1 to 100, got "0"\n');
  }));

test("compare: stored results print the same table", () =>
  inFolder(async (folder) => {
    const files = ["before", "after"].map((name) => join(folder, `${name}.json`));
    for (const file of files) await loadgen(["-n5", "-c1", "-o", file]);
    const { code, stdout } = await loadgen(["compare", ...files]);
    assert.equal(code, 0);
    assert.match(stdout, /before +after/);
    assert.match(stdout, /verdict/);
    const both = await loadgen(["compare", ...files, "--runtimes", "node"]);
    assert.equal(both.stderr, "loadgen: --runtimes: cannot be used with result files\n");
    const one = await loadgen(["compare", files[0]!]);
    assert.equal(one.code, 2);
    assert.match(one.stderr, /^loadgen: result files: expected two or more of them, got /);
  }));

test("compare: a runtime that is missing or dies has its column say so, and the others go on", () =>
  inFolder(async (folder) => {
    const endings: [executable: string, problem: RegExp][] = [
      [join(folder, "nowhere"), /nowhere was not found$/],
      [fake(folder, "exits", "echo it hurts >&2; exit 7"), /^it exited with code 7: it hurts$/],
      [fake(folder, "killed", "kill -9 $$"), /^SIGKILL ended it$/],
      [fake(folder, "babbles", "echo hello; exec sleep 60"), /^it said what nobody understands: hello$/],
      [fake(folder, "lies", `echo '{"kind":"second","second":{}}'; exec sleep 60`), /^its second: second\./],
    ];
    for (const [executable, problem] of endings) {
      const env = { LOADGEN_DENO: executable };
      const { code, stdout, stderr } = await loadgen(["compare", "--runtimes", "deno,bun", ...PLAN, "--json"], { env });
      assert.equal(code, 3, stderr);
      const [deno, bun] = columnsOf(stdout);
      const [{ runtime, client, median }] = (JSON.parse(stdout) as ComparisonJson).columns as [Column];
      assert.deepEqual([runtime, client, median], [null, null, null]);
      assert.match(deno?.problem ?? "", problem);
      assert.equal(deno?.result, undefined);
      assert.equal(bun?.result?.requests.completed, 20);
    }
  }));

test("compare: the table shows a missing runtime beside the others", async () => {
  const env = { LOADGEN_DENO: "/nowhere/deno" };
  const { code, stdout } = await loadgen(["compare", "--runtimes", "deno,bun", ...PLAN], { env });
  assert.equal(code, 3);
  assert.match(stdout, /not found/);
  assert.match(stdout, /deno +bun/);
});
