import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { packageRoot } from "../../cli/process/runtimes.ts";

const RULES = readFileSync(join(packageRoot, "lib/transport/RULES.md"), "utf8");

/** The names of tests as their files spell them; of a name with a `${…}` a pattern. */
function testNames(): RegExp[] {
  const folders = ["tests/transport", "tests/client"].map((folder) => join(packageRoot, folder));
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("_test.ts")).map((name) =>
      join(folder, name)
    )
  );
  const spelled = sources.flatMap((path) => [...readFileSync(path, "utf8").matchAll(/\btest\(\s*(["`])(.*?)\1,/gs)]);
  return spelled.map(([, , name]) => {
    const parts = name!.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".+")}$`);
  });
}

test("rules: every test that RULES.md names exists", () => {
  const names = testNames();
  const cited = [...RULES.matchAll(/`([a-z0-9 ]+: [^`]+)`/g)].map(([, name]) => name!);
  assert.ok(cited.length > 160, `${cited.length} tests are named`);
  assert.deepEqual(cited.filter((name) => !names.some((pattern) => pattern.test(name))), []);
});

test("rules: every rule in RULES.md names a test", () => {
  const rows = RULES.split("\n").filter((line) => line.startsWith("| ") && !/^\| (rule|---)/.test(line));
  assert.ok(rows.length > 110, `${rows.length} rules`);
  assert.deepEqual(rows.filter((row) => !/^\| .* \| `[a-z ]+: .*` +\|$/.test(row)), []);
});
