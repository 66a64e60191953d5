// The architecture as a test: the code is held to the plan in `house.ts`.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import test from "node:test";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { ADAPTERS, ENTRIES, type Folder, LAYERS, MOST_FILES, MOST_LINES } from "./house.ts";

function sources(): string[] {
  return ["lib", "cli"].flatMap((top) =>
    readdirSync(join(packageRoot, top), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => join(top, path))
  );
}

function read(path: string): string {
  return readFileSync(join(packageRoot, path), "utf8");
}

function codeOf(path: string): string {
  return read(path).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
}

function importsOf(path: string): string[] {
  const found = read(path).matchAll(
    /(?:^|\n)\s*(?:import|export)\s(?:[^;"']*?\sfrom\s)?["'](\.[^"']+)["']|\bimport\(\s*["'](\.[^"']+)["']/g,
  );
  return [...found].map(([, named, called]) => normalize(join(dirname(path), named ?? called!)));
}

function layerOf(path: string): number {
  return LAYERS.findIndex((layer) => layer.some((folder) => path.startsWith(`${folder.path}/`)));
}

function folderOf(path: string): Folder {
  return LAYERS.flat().find((folder) => path.startsWith(`${folder.path}/`))!;
}

/** The storey that a file stands on: "room/", a file's own name, or "*"; undefined: the plan does not know its room. */
function storeyOf(path: string): string | undefined {
  const { path: top, storeys } = folderOf(path);
  const rest = path.slice(top.length + 1);
  if (rest.includes("/")) return storeys.find((storey) => rest === `${storey}${basename(rest)}`);
  const name = rest.replace(/\.ts$/, "");
  return storeys.includes(name) ? name : "*";
}

test("layers: the plan names every folder and sub-folder", () => {
  const homeless = sources().filter((path) =>
    !ENTRIES.includes(path) && (layerOf(path) === -1 || storeyOf(path) === undefined)
  );
  assert.deepEqual(homeless, []);
});

test("layers: the plan names nothing that does not exist", () => {
  const all = sources();
  const gone = LAYERS.flat().flatMap(({ path, storeys }) =>
    storeys.filter((storey) =>
      storey !== "*" && !all.some((file) => file.startsWith(join(path, storey.endsWith("/") ? storey : `${storey}.ts`)))
    ).map((storey) => `${path}/${storey}`)
  );
  assert.deepEqual(gone, []);
});

test("layers: imports go only downward", () => {
  const upward: string[] = [];
  for (const path of sources()) {
    if (ENTRIES.includes(path)) continue;
    for (const target of importsOf(path)) {
      if (ENTRIES.includes(target) || layerOf(target) > layerOf(path)) upward.push(`${path} → ${target}`);
    }
  }
  assert.deepEqual(upward, []);
});

test("layers: inside a folder imports go only to lower storeys", () => {
  const upward = new Set<string>();
  for (const path of sources()) {
    if (ENTRIES.includes(path)) continue;
    const folder = folderOf(path);
    for (const target of importsOf(path)) {
      if (folderOf(target) !== folder) continue;
      const [from, to] = [storeyOf(path)!, storeyOf(target)!];
      if (folder.storeys.indexOf(to) > folder.storeys.indexOf(from)) {
        upward.add(`${join(folder.path, from)} → ${join(folder.path, to)}`);
      }
    }
  }
  assert.deepEqual([...upward].sort(), []);
});

test("layers: the generator knows no client: neither it nor what it needs of one names the transport's rooms", () => {
  const arrows = sources().filter((path) =>
    path.startsWith("lib/load/generator/") || path.startsWith("lib/load/driver/")
  )
    .flatMap((path) => importsOf(path).map((target) => [path, target] as const))
    .filter(([path, target]) => target.startsWith("lib/transport/") && !isCensus(path, target));
  assert.deepEqual(arrows, []);
});

/** An engine is asked for a census, which is plain data. */
function isCensus(path: string, target: string): boolean {
  return path === "lib/load/driver/driver.ts" && target === "lib/transport/census.ts";
}

test("layers: folders of one layer use each other in one direction", () => {
  const arrows = new Set<string>();
  for (const path of sources()) {
    if (ENTRIES.includes(path)) continue;
    for (const target of importsOf(path)) {
      const [from, to] = [folderOf(path).path, folderOf(target).path];
      if (from !== to) arrows.add(`${from} → ${to}`);
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

test("layers: a room has no more files than one can look over", () => {
  const rooms = new Map<string, number>();
  for (const path of sources()) rooms.set(dirname(path), (rooms.get(dirname(path)) ?? 0) + 1);
  assert.deepEqual([...rooms].filter(([, files]) => files > MOST_FILES), []);
});

test("layers: a long file says why it is", () => {
  const long = sources().filter((path) => {
    const text = read(path);
    return text.split("\n").length - 1 > MOST_LINES && !/^(?:\/\/[^\n]*\n)*\/\/[^\n]*This file is long/.test(text);
  });
  assert.deepEqual(long, []);
});

test("layers: a file of more than 40 lines opens with what it is", () => {
  const bare = sources().filter((path) =>
    read(path).split("\n").length - 1 > 40 && !/^\/\/ |^\/\/\/ /.test(read(path))
  );
  assert.deepEqual(bare, []);
});

test("layers: runtime globals appear in adapters alone", () => {
  const offenders = sources().filter((path) => {
    if (ADAPTERS.some((adapter) => path.startsWith(adapter))) return false;
    const code = codeOf(path);
    return /\b(Deno|Bun|process)\.[a-z]/.test(code) || /from "node:(net|tls|fs|child_process|process|os)"/.test(code);
  });
  assert.deepEqual(offenders, []);
});

test("layers: entry points and every other mod.ts only re-export", () => {
  for (const path of sources().filter((path) => ENTRIES.includes(path) || path.endsWith("mod.ts"))) {
    const rest = codeOf(path).replace(/export\s(?:type\s)?(?:\{[^}]*\}|\*)\s*from\s"[^"]+";\s*/g, "").trim();
    assert.equal(rest, "", `${path} does more than re-export`);
  }
});
