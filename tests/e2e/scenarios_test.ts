// Every scenario that comes with loadgen, for about a second; and files beside a scenario.

import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import test from "node:test";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { parseResult } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import { inFolder, loadgen } from "../support/cli.ts";
import { columnsOf } from "../support/comparison.ts";

async function resultOf(args: readonly string[]): Promise<Result> {
  const { code, stdout, stderr } = await loadgen([...args, "--json"]);
  assert.equal(code, 0, stderr);
  return parseResult(stdout, "stdout");
}

const NAMES = readdirSync(join(packageRoot, "scenarios"))
  .filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json"))
  .map((file) => basename(file, ".json"));

for (const name of NAMES) {
  test(`scenarios: ${name} runs, and no request fails`, async () => {
    const { requests, byRequest = [], plan } = await resultOf([
      "run",
      name,
      "-d",
      "1s",
      "--warmup",
      "200ms",
      "--cooldown",
      "0",
    ]);
    assert.equal(plan.name, name);
    assert.ok(requests.completed > 0);
    assert.deepEqual(requests.byError, {});
    for (const { name, completed } of byRequest) assert.ok(completed > 0, name);
  });
}

test("scenarios: feeders, bodies and the environment come from beside the scenario, whatever the flags change", () =>
  inFolder(async (folder) => {
    const file = join(folder, "mine.json");
    writeFileSync(
      join(folder, "users.jsonl"),
      '{"name": "Ada", "age": 36, "tags": ["a"]}\n\n{"name": "B", "age": null, "tags": []}\n',
    );
    writeFileSync(join(folder, "body.json"), '{"user": "{{user.name}}", "age": "{{age}}", "tags": {{tags}}}');
    writeFileSync(
      file,
      JSON.stringify({
        feeders: [{ file: "users.jsonl", as: "user", mode: "sequential" }],
        request: { method: "POST", url: "/{{name}}", bodyTemplate: "body.json", expect: { status: 200 } },
        load: { rps: 50, duration: "5s" },
      }),
    );
    const { requests } = await resultOf([file, "-H", "X-User: {{user.name}}"]);
    assert.deepEqual([requests.offered, requests.completed], [2, 2]);
  }));

test("scenarios: compare runs one with its feeder in a process of its own", async () => {
  const { code, stdout, stderr } = await loadgen([
    "compare",
    "checkout-flow",
    "--runtimes",
    "node",
    "-d",
    "500ms",
    "--json",
  ]);
  assert.equal(code, 0, stderr);
  const result = columnsOf(stdout)[0]?.result;
  assert.deepEqual(result?.byRequest?.map(({ name }) => name), ["sign in", "look", "buy"]);
  assert.equal(result?.requests.failed, 0);
});
