import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { parseScenario } from "../../lib/scenario/parse.ts";
import { usesTarget } from "../../lib/scenario/plan.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { scenarioJsonSchema } from "../../lib/scenario/scenario.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { scenarioReference } from "./reference.ts";

const folder = join(packageRoot, "scenarios");

test("schema: the published one is that of the code (tests/scenario/write_schema.ts writes it)", () => {
  const published = JSON.parse(readFileSync(join(folder, "scenario.schema.json"), "utf8"));
  assert.deepEqual(published, JSON.parse(JSON.stringify(scenarioJsonSchema())));
});

test("schema: the page about the fields is that of the code, but for where its lines break", () => {
  const flat = (text: string) => text.replace(/\s+/g, " ").trim();
  assert.equal(flat(readFileSync(join(folder, "README.md"), "utf8")), flat(scenarioReference()));
});

test("schema: every field has a description", () => {
  const silent: string[] = [];
  const visit = (schema: Record<string, unknown>, path: string): void => {
    if (typeof schema["description"] !== "string") silent.push(path);
    const properties = (schema["properties"] ?? {}) as Record<string, Record<string, unknown>>;
    for (const [name, field] of Object.entries(properties)) visit(field, `${path}.${name}`);
    const items = schema["items"] as Record<string, unknown> | undefined;
    if (items?.["properties"] !== undefined) visit(items, `${path}[]`);
  };
  visit(scenarioJsonSchema(), "$");
  assert.deepEqual(silent, []);
});

test("scenarios: each one is valid, described, short, and needs no server", () => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json"));
  assert.ok(files.length >= 4);
  for (const file of files) {
    const scenario = parseScenario(readFileSync(join(folder, file), "utf8"), file);
    const plan = resolve(scenario);
    assert.equal(scenario.$schema, "./scenario.schema.json", file);
    assert.equal(`${scenario.name}.json`, file);
    assert.ok(plan.description.length > 20, file);
    assert.ok(plan.load.durationMs! <= 10_000, file);
    assert.ok(usesTarget(plan), file);
  }
});

/** Fields whose own fields are for the writer to name; what is in them is no unknown field. */
const FREE = new Set(["headers", "variables", "bodyJson"]);

/** Every object of a scenario, with its path. */
function objectsIn(value: unknown, path: readonly (string | number)[]): { path: (string | number)[] }[] {
  if (typeof value !== "object" || value === null || FREE.has(String(path.at(-1)))) return [];
  const below = Object.entries(value).flatMap(([name, field]) =>
    objectsIn(field, [...path, Array.isArray(value) ? Number(name) : name])
  );
  return Array.isArray(value) ? below : [{ path: [...path] }, ...below];
}

test("scenarios: a wrong field put anywhere into any of them is found, with its path, line and column", () => {
  let tried = 0;
  for (const file of readdirSync(folder).filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json"))) {
    const text = readFileSync(join(folder, file), "utf8");
    for (const { path } of objectsIn(JSON.parse(text), [])) {
      const broken = JSON.parse(text) as Record<string, unknown>;
      const object = path.reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, broken);
      object["zzz"] = 1;
      const steps = path.map((step) => typeof step === "number" ? `[${step}]` : `.${step}`);
      const field = [...steps, ".zzz"].join("").replace(/^\./, "");
      const named = (error: unknown) =>
        error instanceof UsageError && error.message.includes(`: ${field}: unknown field`) &&
        new RegExp(`^${file}:\\d+:\\d+$`).test(error.field);
      assert.throws(() => parseScenario(JSON.stringify(broken, null, 2), file), named, `${file}: ${field}`);
      tried += 1;
    }
  }
  assert.ok(tried > 20, String(tried));
});
