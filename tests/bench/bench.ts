// loadgen on three runtimes beside other clients, in one run: every round takes each of them in turn, the server on one
// core and the client on another, so that what disturbs the machine disturbs all alike.
//
//   npm run bench -- [--short] [--rounds 5] [--seconds 2] [--case TEXT] [--peer TEXT]… [-o FILE.json]
//
// Prints the medians with their ratio to wrk, and of loadgen also to the bare socket loop in the same runtime.

import Table from "cli-table3";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { findOnPath, packageRoot, RUNTIMES } from "../../cli/runtimes.ts";
import { type BenchCase, CASES } from "./bench_case.ts";
import { BenchTarget } from "./bench_target.ts";
import { measure } from "./measured_process.ts";
import { bareName, findPeers, loadgenName, type Peer, REFERENCE } from "./peers.ts";

/** One client in one case: the medians of its rounds. */
interface Row {
  readonly peer: string;
  readonly rps: number;
  readonly cpuUsPerRequest: number;
  readonly peakRssBytes: number;
  /** Every round's requests per second. */
  readonly rounds: readonly number[];
}

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    rounds: { type: "string" },
    seconds: { type: "string" },
    case: { type: "string", default: "" },
    peer: { type: "string", multiple: true, default: [] },
    output: { type: "string", short: "o" },
  },
});
const rounds = Number(values.rounds ?? (values.short ? 3 : 5));
const seconds = Number(values.seconds ?? (values.short ? 1 : 2));
const several = availableParallelism() > 1 && findOnPath("taskset") !== undefined;
const [serverCore, clientCore] = several ? [0, 1] : [undefined, undefined];

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function run(bench: BenchCase, peers: readonly Peer[], origin: string): Promise<Row[]> {
  const seen = new Map<string, { rps: number; cpuUs: number; rss: number }[]>();
  for (let round = 0; round < rounds; round++) {
    for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
      const command = peer.command(bench, origin + bench.path, seconds);
      if (command === undefined) continue;
      try {
        const { stdout, cpuUs, peakRssBytes } = await measure(command, clientCore, (seconds + 20) * 1000);
        const rps = peer.rps(stdout);
        if (!(rps > 0)) throw new Error("it told no rate");
        const figures = seen.get(peer.name) ?? [];
        figures.push({ rps, cpuUs: cpuUs / (rps * seconds), rss: peakRssBytes });
        seen.set(peer.name, figures);
      } catch (error) {
        console.error(`${bench.name}: ${peer.name}: ${(error as Error).message}`);
      }
    }
  }
  return [...seen].map(([peer, figures]) => ({
    peer,
    rps: median(figures.map(({ rps }) => rps)),
    cpuUsPerRequest: median(figures.map(({ cpuUs }) => cpuUs)),
    peakRssBytes: median(figures.map(({ rss }) => rss)),
    rounds: figures.map(({ rps }) => Math.round(rps)),
  }));
}

function show(bench: BenchCase, rows: readonly Row[]): void {
  const rpsOf = (name: string) => rows.find(({ peer }) => peer === name)?.rps;
  const table = new Table({
    head: [bench.name, "requests/s", `to ${REFERENCE}`, "to bare sockets", "CPU µs/request", "RSS MiB"],
    colAligns: ["left", "right", "right", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows.toSorted((a, b) => b.rps - a.rps)) {
    const runtime = RUNTIMES.find((name) => loadgenName(name) === row.peer);
    const limit = runtime && rpsOf(bareName(runtime));
    const reference = rpsOf(REFERENCE);
    table.push([
      row.peer,
      Math.round(row.rps).toLocaleString("en"),
      reference === undefined ? "" : (row.rps / reference).toFixed(2),
      limit === undefined ? "" : (row.rps / limit).toFixed(2),
      row.cpuUsPerRequest.toFixed(row.cpuUsPerRequest < 100 ? 1 : 0),
      (row.peakRssBytes / 2 ** 20).toFixed(0),
    ]);
  }
  console.log(`${table.toString()}\n`);
}

/** Go's net/http peer, compiled; undefined where there is no Go. */
function buildGoLoop(folder: string): string | undefined {
  if (findOnPath("go") === undefined) return undefined;
  const binary = join(folder, "go_loop");
  execFileSync("go", ["build", "-o", binary, "."], { cwd: join(packageRoot, "tests", "bench", "go_loop") });
  return binary;
}

const folder = mkdtempSync(join(tmpdir(), "loadgen-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const { peers: all, missing } = findPeers(buildGoLoop(folder));
const peers = values.peer.length === 0
  ? all
  : all.filter(({ name }) => values.peer.some((part) => name.includes(part)));
const wanted = CASES.filter(({ name }) => name.includes(values.case)).slice(0, values.short ? 1 : CASES.length);
if (missing.length > 0) console.log(`not here: ${missing.join(", ")}`);
using target = await BenchTarget.start(serverCore);
const cases: Record<string, Row[]> = {};
for (const bench of wanted) {
  const rows = cases[bench.name] = await run(bench, peers, target.url);
  show(bench, rows);
}
if (values.output !== undefined) {
  const machine = {
    cpu: cpus()[0]?.model ?? "",
    cores: availableParallelism(),
    kernel: release(),
    node: process.version,
  };
  writeFileSync(values.output, JSON.stringify({ machine, rounds, seconds, cases }, undefined, 1) + "\n");
}
