// loadgen on three runtimes beside other clients, in one run, the server on one core and the client on another.
//
//   npm run bench -- [--short] [--rounds 5] [--seconds 2] [--case TEXT]… [--peer TEXT]… [--list] [-o FILE.json]
//                    [--store] [--from FILE.json]
//
// Prints the medians of each case, then which targets are met; README.md beside this file says how to read them.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { findOnPath, packageRoot } from "../../cli/process/runtimes.ts";
import { descriptorLimit } from "../../lib/record/descriptor_limit.ts";
import { type BenchRecord, type CaseRecord, writeRecord } from "./bench_record.ts";
import { BenchTarget } from "./bench_target.ts";
import { caseTable } from "./case_table.ts";
import { benchCases, chooseCases, FIRST } from "./cases.ts";
import { chartSvg } from "./chart.ts";
import { commitOfTree, ownCores, thisMachine } from "./machine.ts";
import { findPeers, takesPart } from "./peers.ts";
import { type Ground, runRounds } from "./rounds.ts";
import { targetTable } from "./targets.ts";

/** The cases that the chart shows. */
const CHARTED = [
  FIRST,
  "64 connections, 100 KiB",
  "a connection per request, 64 at once",
  "TLS, 64 connections, 12 B",
  "pipelining 16, 64 connections, 12 B",
];

const folder = join(packageRoot, "tests", "bench");
const storedPath = join(folder, "stored.json");

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    rounds: { type: "string" },
    seconds: { type: "string" },
    case: { type: "string", multiple: true, default: [] },
    peer: { type: "string", multiple: true, default: [] },
    list: { type: "boolean", default: false },
    output: { type: "string", short: "o" },
    store: { type: "boolean", default: false },
    from: { type: "string" },
  },
});

const chosen = values.case.length > 0 || !values.short ? values.case : [FIRST];
const cases = chooseCases(benchCases(descriptorLimit()?.limit ?? 1024), chosen);

/** Go's net/http peer, compiled; undefined where there is no Go. */
function buildGoLoop(into: string): string | undefined {
  if (findOnPath("go") === undefined) return undefined;
  const binary = join(into, "go_loop");
  execFileSync("go", ["build", "-o", binary, "."], { cwd: join(folder, "go_loop") });
  return binary;
}

async function startWithTls(core: string | undefined): Promise<BenchTarget | undefined> {
  try {
    return await BenchTarget.start(core, true);
  } catch {
    console.log("no TLS: OpenSSL's headers are not here (Debian: libssl-dev)");
    return undefined;
  }
}

function readRecord(path: string): BenchRecord | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as BenchRecord;
  } catch {
    return undefined;
  }
}

async function run(): Promise<BenchRecord> {
  const built = mkdtempSync(join(tmpdir(), "loadgen-bench-"));
  process.on("exit", () => rmSync(built, { recursive: true, force: true }));
  const { peers, missing, versions } = findPeers(buildGoLoop(built));
  if (missing.length > 0) console.log(`not here: ${missing.join(", ")}`);
  const wanted = peers.filter(({ name }) =>
    values.peer.length === 0 || values.peer.some((part) => name.includes(part))
  );
  const cores = ownCores();
  using plain = await BenchTarget.start(cores.server, false);
  using tls = cases.some((bench) => bench.tls) ? await startWithTls(cores.server) : undefined;
  const rounds = Number(values.rounds ?? (values.short ? 3 : 5));
  const seconds = Number(values.seconds ?? (values.short ? 1 : 2));
  const ground: Ground = { plain, tls, cores, rounds, seconds };
  const records: CaseRecord[] = [];
  for (const bench of cases) {
    const rows = await runRounds(bench, wanted.filter((peer) => takesPart(bench, peer)), ground);
    if (rows.length === 0) continue;
    records.push({ name: bench.name, rows });
    console.log(`${caseTable(records.at(-1)!)}\n`);
  }
  return { machine: thisMachine(), commit: commitOfTree(), versions, rounds, seconds, cases: records };
}

async function main(): Promise<void> {
  if (values.list) {
    for (const { name } of cases) console.log(name);
    return;
  }
  const stored = readRecord(storedPath);
  const again = values.from === undefined ? undefined : readRecord(values.from);
  const record = again ?? await run();
  if (again !== undefined) { for (const one of again.cases) console.log(`${caseTable(one)}\n`); }
  console.log(targetTable(record, stored));
  if (stored !== undefined) console.log(`in brackets: stored, of ${stored.commit}`);
  if (values.output !== undefined) writeFileSync(values.output, writeRecord(record));
  if (!values.store) return;
  writeFileSync(storedPath, writeRecord(record));
  writeFileSync(join(folder, "chart.svg"), chartSvg(record, CHARTED));
}

await main();
