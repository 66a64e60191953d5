// The oracle: random client programs on Go's net/http and on this project's transport, which must come to the same.
//
//   node dist/tests/oracle/run.js [--seed N] [--count N] [--runtimes node,deno,bun] [--program K] [--features streams,…]

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { findRuntime, isRuntimeName, packageRoot, type RuntimeName, RUNTIMES } from "../../cli/process/runtimes.ts";
import { compare, narrate } from "./comparison.ts";
import { Expected } from "./expected.ts";
import { generate } from "./generator.ts";
import { buildGoSubject, goMinorVersion } from "./go_subject.ts";
import { LivingSubject } from "./living_subject.ts";
import type { Program } from "./program.ts";
import { FEATURES } from "./response_scripts.ts";

/** Disagreements shown in full; the rest are named. */
const SHOWN = 5;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "300" },
    runtimes: { type: "string", default: RUNTIMES.join(",") },
    /** Plays this one alone, and shows every step. */
    program: { type: "string" },
    features: { type: "string", default: FEATURES.join(",") },
    /** Programs under way at a time: they mostly wait. */
    concurrency: { type: "string", default: "48" },
  },
});

const folder = mkdtempSync(join(tmpdir(), "loadgen-oracle-"));
let good = false;
try {
  good = await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(good ? 0 : 1);

/** True where every program agrees on every runtime. */
async function main(): Promise<boolean> {
  const goMinor = goMinorVersion();
  if (goMinor === undefined) {
    console.log("Go is not installed, and the oracle compares with it: apt-get install golang-go (1.19 or newer)");
    return false;
  }
  const programs = makePrograms(goMinor);
  const expected = new Expected(new LivingSubject(`go 1.${goMinor}`, buildGoSubject(folder), []));
  let passed = 0;
  let total = 0;
  for (const name of values.runtimes.split(",").filter(isRuntimeName)) {
    passed += await runOn(name, programs, expected);
    total += programs.length;
  }
  expected.subject.stop();
  console.log(`${passed} passed, ${total - passed} failed`);
  return total > 0 && passed === total;
}

function makePrograms(goMinor: number): Program[] {
  const wanted = values.features.split(",");
  const features = new Set(FEATURES.filter((feature) => wanted.includes(feature)));
  const make = (number: number) => generate(Number(values.seed), number, { features, goMinor });
  if (values.program !== undefined) return [make(Number(values.program))];
  return Array.from({ length: Number(values.count) }, (_, number) => make(number));
}

/** How many programs agree. */
async function runOn(name: RuntimeName, programs: readonly Program[], expected: Expected): Promise<number> {
  const runtime = findRuntime(name);
  if (runtime === undefined) {
    console.log(`${name} is not installed: npm ci installs it`);
    return 0;
  }
  const started = performance.now();
  const subject = new LivingSubject(name, runtime, subjectWords(name));
  if (values.program !== undefined) console.log(await narrate(programs[0]!, expected, subject));
  const { disagreements, unsteady } = await compare(programs, expected, subject, Number(values.concurrency));
  subject.stop();
  for (const text of disagreements.slice(0, SHOWN)) console.log(`\n${text}\n${again(name, text)}\n`);
  for (const text of disagreements.slice(SHOWN)) console.log(`also ${text.substring(0, text.indexOf("\n"))}`);
  const passed = programs.length - disagreements.length;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const steadiness = unsteady === 0 ? "" : `, ${unsteady} of them only when played again`;
  console.log(
    `${passed} of ${programs.length} programs agree (seed ${values.seed}, ${name}) in ${seconds} s${steadiness}`,
  );
  return passed;
}

function again(name: RuntimeName, text: string): string {
  const number = /^program (\d+)/.exec(text)![1];
  const features = values.features === FEATURES.join(",") ? "" : ` --features ${values.features}`;
  return `again: node dist/tests/oracle/run.js --seed ${values.seed} --runtimes ${name} --program ${number}${features}`;
}

function subjectWords(name: RuntimeName): string[] {
  const source = join(packageRoot, "tests", "oracle", "subject.ts");
  switch (name) {
    case "node":
      return [join(packageRoot, "dist", "tests", "oracle", "subject.js")];
    case "deno":
      return ["run", "-A", "--no-check", "--quiet", source];
    case "bun":
      return [source];
  }
}
