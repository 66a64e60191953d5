// What an entry point's declaration files export, and which other types these name. A reader for what `tsc` writes, no
// more: one top-level statement begins each declaration, at the beginning of a line.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../../cli/process/runtimes.ts";

/** A name as a consumer imports it, and where it is declared. */
interface Origin {
  readonly file: string;
  readonly name: string;
}

class DeclarationFile {
  /** By local name: where it comes from. Packages' names are left out: they are theirs to document. */
  readonly imports: ReadonlyMap<string, Origin>;
  /** The text of each declaration of its own. */
  readonly declared: ReadonlyMap<string, string>;
  /** Its re-exports, by exported name. */
  readonly reexports: ReadonlyMap<string, Origin>;

  constructor(path: string) {
    const code = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
    const imports = new Map<string, Origin>();
    const reexports = new Map<string, Origin>();
    for (const [, verb, names, from] of code.matchAll(/^(import|export) (?:type )?(\{[^}]*\}|\*) ?from "([^"]+)"/gm)) {
      if (!from!.startsWith(".")) continue;
      const file = join(dirname(path), from!.replace(/\.ts$/, ".d.ts"));
      const into = verb === "import" ? imports : reexports;
      if (names === "*") {
        for (const [name, origin] of exportsOf(file)) into.set(name, origin);
        continue;
      }
      for (
        const item of names!.slice(1, -1).split(",").map((item) => item.trim().replace(/^type /, "")).filter(Boolean)
      ) {
        const [name, as = name] = item.split(" as ");
        into.set(as!, { file, name: name! });
      }
    }
    const declared = new Map<string, string>();
    for (const part of code.split(/^(?=export |declare |interface |type |import )/m)) {
      const name = /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface|type|const|function) (\w+)/.exec(part)
        ?.[1];
      if (name !== undefined) declared.set(name, part);
    }
    this.imports = imports;
    this.reexports = reexports;
    this.declared = declared;
  }
}

const files = new Map<string, DeclarationFile>();

function fileAt(path: string): DeclarationFile {
  let file = files.get(path);
  if (file === undefined) files.set(path, file = new DeclarationFile(path));
  return file;
}

/** The names that a declaration file exports, re-exports followed to where they are declared. */
function exportsOf(path: string): Map<string, Origin> {
  const { reexports, declared } = fileAt(path);
  const own = [...declared.keys()].map((name): [string, Origin] => [name, { file: path, name }]);
  return new Map([...own, ...[...reexports].map(([name, origin]): [string, Origin] => [name, followed(origin)])]);
}

function followed(origin: Origin): Origin {
  const { declared, reexports, imports } = fileAt(origin.file);
  if (declared.has(origin.name)) return origin;
  const next = reexports.get(origin.name) ?? imports.get(origin.name);
  if (next === undefined) throw new Error(`${origin.file} declares no ${origin.name}`);
  return followed(next);
}

/** For each name that the exports of an entry point name and that it does not export: who names it. */
export function unexported(entry: string): string[] {
  const exported = exportsOf(join(packageRoot, "dist", "lib", `${entry}.d.ts`));
  const key = ({ file, name }: Origin): string => `${file}#${name}`;
  const known = new Set([...exported.values()].map(key));
  const missing: string[] = [];
  for (const { file, name } of exported.values()) {
    const { declared, imports } = fileAt(file);
    const words = new Set(declared.get(name)!.match(/\b[A-Z]\w*\b/g));
    for (const word of words) {
      const origin = imports.has(word)
        ? followed(imports.get(word)!)
        : declared.has(word)
        ? { file, name: word }
        : undefined;
      if (origin !== undefined && !known.has(key(origin))) missing.push(`${name} names ${word}`);
    }
  }
  return missing.sort();
}
