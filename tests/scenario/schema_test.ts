import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { packageRoot } from "../../cli/runtimes.ts";
import { parseScenario } from "../../lib/scenario/parse.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { scenarioJsonSchema } from "../../lib/scenario/scenario.ts";

const folder = join(packageRoot, "scenarios");

test("schema: the published one is that of the code (tests/scenario/write_schema.ts writes it)", () => {
  const published = JSON.parse(readFileSync(join(folder, "scenario.schema.json"), "utf8"));
  assert.deepEqual(published, JSON.parse(JSON.stringify(scenarioJsonSchema())));
});

test("schema: every field has a description", () => {
  const silent: string[] = [];
  const visit = (schema: Record<string, unknown>, path: string): void => {
    if (typeof schema["description"] !== "string") silent.push(path);
    const properties = (schema["properties"] ?? {}) as Record<string, Record<string, unknown>>;
    for (const [name, field] of Object.entries(properties)) visit(field, `${path}.${name}`);
  };
  visit(scenarioJsonSchema(), "$");
  assert.deepEqual(silent, []);
});

test("scenarios: each one is valid, described, short, and needs no server", () => {
  const files = readdirSync(folder).filter((file) => !file.endsWith(".schema.json"));
  assert.ok(files.length >= 4);
  for (const file of files) {
    const scenario = parseScenario(readFileSync(join(folder, file), "utf8"), file);
    const plan = resolve(scenario);
    assert.equal(scenario.$schema, "./scenario.schema.json", file);
    assert.equal(`${scenario.name}.json`, file);
    assert.ok(plan.description.length > 20, file);
    assert.ok(plan.load.durationMs! <= 10_000, file);
    assert.equal(plan.request.url, undefined, file);
  }
});
