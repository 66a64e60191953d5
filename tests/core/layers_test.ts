// The architecture as a test: imports go only downward, inside a layer in one direction, and nowhere in a circle.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import test from "node:test";
import { packageRoot } from "../../cli/runtimes.ts";

/** Lowest first; a folder may import from lower layers and from itself. */
const LAYERS: readonly (readonly string[])[] = [
  ["lib/core"],
  ["lib/socket", "lib/http1", "lib/record", "lib/scenario"],
  ["lib/transport"],
  ["lib/client"],
  ["lib/load"],
  ["lib/report"],
  ["cli"],
];

/** Runtime globals belong to adapters. */
const ADAPTERS = /^(lib\/socket\/|lib\/record\/|cli\/)/;

function sources(): string[] {
  return ["lib", "cli"].flatMap((top) =>
    readdirSync(join(packageRoot, top), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => join(top, path))
  );
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(packageRoot, path), "utf8");
  const found = text.matchAll(/(?:^|\n)\s*(?:import|export)\s(?:[^;"']*?\sfrom\s)?["'](\.[^"']+)["']/g);
  return [...found].map((match) => normalize(join(dirname(path), match[1]!)));
}

function layerOf(path: string): number {
  return LAYERS.findIndex((folders) => folders.some((folder) => path.startsWith(`${folder}/`)));
}

function folderOf(path: string): string {
  return LAYERS.flat().find((folder) => path.startsWith(`${folder}/`)) ?? path;
}

test("layers: every source file belongs to a layer", () => {
  const homeless = sources().filter((path) => path !== "lib/mod.ts" && layerOf(path) === -1);
  assert.deepEqual(homeless, []);
});

test("layers: imports go only downward", () => {
  const upward: string[] = [];
  for (const path of sources()) {
    if (path === "lib/mod.ts") continue;
    for (const target of importsOf(path)) {
      if (layerOf(target) > layerOf(path) || target === "lib/mod.ts") upward.push(`${path} → ${target}`);
    }
  }
  assert.deepEqual(upward, []);
});

test("layers: folders of one layer use each other in one direction", () => {
  const arrows = new Set<string>();
  for (const path of sources()) {
    for (const target of importsOf(path)) {
      if (folderOf(path) !== folderOf(target)) arrows.add(`${folderOf(path)} → ${folderOf(target)}`);
    }
  }
  const both = [...arrows].filter((arrow) => arrows.has(arrow.split(" → ").reverse().join(" → ")));
  assert.deepEqual(both, []);
});

test("layers: no file imports itself in a circle", () => {
  const graph = new Map(sources().map((path) => [path, importsOf(path)]));
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    assert.ok(!trail.includes(path), `circle: ${[...trail, path].join(" → ")}`);
    if (done.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
});

test("layers: runtime globals appear in adapters alone", () => {
  const offenders = sources().filter((path) => {
    if (ADAPTERS.test(path)) return false;
    const code = readFileSync(join(packageRoot, path), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
    return /\b(Deno|Bun|process)\.[a-z]/.test(code) || /from "node:(net|tls|fs|child_process|process|os)"/.test(code);
  });
  assert.deepEqual(offenders, []);
});

test("layers: lib/mod.ts and every other mod.ts only re-export", () => {
  for (const path of sources().filter((path) => path.endsWith("mod.ts"))) {
    const code = readFileSync(join(packageRoot, path), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "").trim();
    const rest = code.replace(/export\s(?:type\s)?(?:\{[^}]*\}|\*)\s*from\s"[^"]+";\s*/g, "");
    assert.equal(rest, "", `${path} does more than re-export`);
  }
});
