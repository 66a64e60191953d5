import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { renderTerminal } from "../../lib/report/terminal.ts";
import { parseResult, resultToJson } from "../../lib/result/json.ts";
import { resultJsonSchema } from "../../lib/result/json_schema.ts";
import type { Result } from "../../lib/result/result.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import {
  allFailedResult,
  cleanResult,
  emptyResult,
  hourResult,
  leakingResult,
  ruledResult,
} from "../support/result_fixture.ts";

test("json: a result survives being written and read", () => {
  for (
    const result of [cleanResult(), leakingResult(), allFailedResult(), emptyResult(), hourResult(), ruledResult()]
  ) {
    assert.deepEqual(parseResult(resultToJson(result), "a.json"), result);
  }
});

test("json: the same result is the same text, however its keys were put in", () => {
  const result = hourResult();
  const reversed = reverseKeys(result) as Result;
  assert.notEqual(JSON.stringify(reversed), JSON.stringify(result));
  assert.equal(resultToJson(reversed), resultToJson(result));
  assert.match(resultToJson(result), /^\{\n {2}"schema": "loadgen\/result@1",\n {2}"runtime": \{\n {4}"name"/);
});

test("json: each second of the series has a line of its own", () => {
  const lines = resultToJson(cleanResult()).split("\n").filter((line) => line.startsWith('    {"second":'));
  assert.equal(lines.length, 10);
  assert.match(resultToJson(emptyResult()), /"series": \[\]\n\}$/);
});

test("json: each block has a line of its own, and a result of an earlier version has none", () => {
  const hdr = cleanResult().latencyUs.response.hdr;
  const block = {
    second: 0,
    lengthMs: 1000,
    completed: 5,
    failed: 0,
    dialed: 1,
    latencyUs: { response: hdr, service: hdr },
  };
  const result = { ...cleanResult(), blocks: [block, { ...block, second: 1 }] };
  const text = resultToJson(result);
  assert.equal(text.split("\n").filter((line) => /^ {4}\{"second":\d,"lengthMs".*"latencyUs"/.test(line)).length, 2);
  assert.deepEqual(parseResult(text, "a.json"), result);
  assert.equal("blocks" in parseResult(resultToJson(cleanResult()), "a.json"), false);
  const broken = text.replace(`"service":"${hdr}"`, '"service":"HISTFAAAA"');
  assert.throws(
    () => parseResult(broken, "a.json"),
    /^UsageError: a\.json:\d+:\d+: blocks\.0\.latencyUs\.service: expected a compressed HdrHistogram$/,
  );
});

test("json: a field that a later version added is no error, and is kept in the plan", () => {
  const result = { ...cleanResult(), later: 1, plan: { ...cleanResult().plan, load: { rps: 500 } } };
  const read = parseResult(resultToJson(result), "a.json");
  assert.deepEqual(read.plan["load"], { rps: 500 });
});

test("json: what is no result is refused in one line that names the file, the place and the field", () => {
  const broken = (change: (result: Record<string, unknown>) => void): string => {
    const result = JSON.parse(resultToJson(cleanResult())) as Record<string, unknown>;
    change(result);
    return JSON.stringify(result, null, 2);
  };
  const cases: readonly [text: string, message: RegExp][] = [
    ["{", /^a\.json: expected JSON/],
    ["[]", /^a\.json:1:1: the whole file: expected object, received array$/],
    ["{}", /^a\.json:1:1: schema: expected "loadgen\/result@1"$/],
    [broken((result) => result["schema"] = "loadgen/result@2"), /^a\.json:2:13: schema: expected "loadgen\/result@1"$/],
    [
      broken((result) => (result["requests"] as Record<string, unknown>)["offered"] = "5"),
      /^a\.json:\d+:\d+: requests\.offered: expected number, received string$/,
    ],
    [
      broken((result) => delete (result["rps"] as Record<string, unknown>)["achieved"]),
      /^a\.json:\d+:\d+: rps\.achieved: expected number$/,
    ],
    [
      broken((result) => (result["series"] as Record<string, unknown>[])[3]!["live"] = -1),
      /^a\.json:\d+:\d+: series\.3\.live: /,
    ],
    [
      broken((result) => (result["latencyUs"] as Record<string, Record<string, unknown>>)["lag"]!["hdr"] = "HISTFAAAA"),
      /^a\.json:\d+:\d+: latencyUs\.lag\.hdr: expected a compressed HdrHistogram$/,
    ],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => parseResult(text, "a.json"), (error: unknown) => {
      assert.ok(error instanceof UsageError, String(error));
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }
});

test("json: whatever was read can be rendered", () => {
  const read = parseResult(resultToJson(hourResult()), "a.json");
  const options = { columns: 80, color: false };
  assert.equal(renderTerminal(read, options), renderTerminal(hourResult(), options));
});

test("json: numbers that no run has are refused or rendered, quickly and within the width", () => {
  const paths: string[][] = [];
  const collect = (value: unknown, path: string[]): void => {
    if (typeof value === "number") paths.push(path);
    else if (Array.isArray(value)) collect(value[0], [...path, "0"]);
    else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key]);
    }
  };
  collect(cleanResult(), []);
  let rendered = 0;
  for (const path of paths) {
    for (const number of [Number.MAX_SAFE_INTEGER, -1e308]) {
      const result = JSON.parse(JSON.stringify(cleanResult()));
      const parent = path.slice(0, -1).reduce((value, key) => value[key], result);
      parent[path.at(-1)!] = number;
      let read: Result;
      try {
        read = parseResult(JSON.stringify(result), "a.json");
      } catch (error) {
        assert.ok(error instanceof UsageError, `${path.join(".")}: ${error}`);
        continue;
      }
      const lines = renderTerminal(read, { columns: 80, color: false }).split("\n");
      assert.ok(lines.every((line) => line.length <= 80), path.join("."));
      rendered += 1;
    }
  }
  assert.ok(rendered > paths.length, `${rendered} of ${2 * paths.length}`);
});

test("json schema: the published file is the one that the code implies (UPDATE_SCHEMA=1 writes it)", () => {
  const path = join(packageRoot, "lib", "result", "result.schema.json");
  const text = `${JSON.stringify(resultJsonSchema(), null, 2)}\n`;
  if (process.env["UPDATE_SCHEMA"] === "1") writeFileSync(path, text);
  assert.equal(readFileSync(path, "utf8"), text);
});

test("json schema: it names every field of a result and forbids no other", () => {
  const schema = resultJsonSchema();
  assert.deepEqual(schema["required"], Object.keys(cleanResult()));
  assert.doesNotMatch(JSON.stringify(schema), /"additionalProperties":false/);
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reverseKeys(inner)]));
}
