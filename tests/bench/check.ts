// Did it get slower? loadgen as it is in the work tree beside loadgen as it was committed, in interleaved rounds.
//
//   npm run bench:check -- [--to REVISION] [--rounds 12] [--seconds 1] [--case TEXT]… [--runtime NAME]…
//
// Something is slower where its median ratio is under 0.98 and it lost so many of the paired rounds that a coin would do
// so less than once in a hundred (the sign test). Exit code 1 where anything is.

import process from "node:process";
import { parseArgs } from "node:util";
import { findRuntime, packageRoot, RUNTIMES } from "../../cli/process/runtimes.ts";
import { descriptorLimit } from "../../lib/record/descriptor_limit.ts";
import { BenchTarget } from "./bench_target.ts";
import { benchCases, chooseCases, FIRST } from "./cases.ts";
import { CommittedTree } from "./committed_tree.ts";
import { compareRounds, type Difference } from "./difference.ts";
import { ownCores } from "./machine.ts";
import type { Peer } from "./peer.ts";
import { type Ground, runRounds } from "./rounds.ts";
import { loadgenPeer } from "./scripts.ts";
import { textTable } from "./text_table.ts";

/** What the hot path shows in. */
const GUARDED = [
  FIRST,
  "64 connections, 100 KiB",
  "64 connections, 100 KiB chunked",
  "a connection per request, 64 at once",
  "TLS, 64 connections, 12 B",
  "pipelining 16, 64 connections, 12 B",
];

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "HEAD" },
    rounds: { type: "string", default: "12" },
    seconds: { type: "string", default: "1" },
    case: { type: "string", multiple: true, default: [] },
    runtime: { type: "string", multiple: true, default: [] },
  },
});

function named(tree: string, runtime: string): string {
  return `${runtime}, ${tree}`;
}

function words({ verdict, ratio, slower, pairs }: Difference): string {
  return `${verdict}: ${ratio.toFixed(3)}, slower in ${slower} of ${pairs}`;
}

async function main(): Promise<number> {
  const runtimes = RUNTIMES.filter((name) => values.runtime.length === 0 || values.runtime.includes(name));
  const chosen = values.case.length > 0 ? values.case : GUARDED;
  const cases = chooseCases(benchCases(descriptorLimit()?.limit ?? 1024), chosen);
  using before = CommittedTree.build(values.to);
  const peers = runtimes.flatMap((runtime): Peer[] => {
    const executable = findRuntime(runtime);
    if (executable === undefined) return [];
    return [
      loadgenPeer(runtime, executable, before.root, named("before", runtime)),
      loadgenPeer(runtime, executable, packageRoot, named("now", runtime)),
    ];
  });
  const cores = ownCores();
  using plain = await BenchTarget.start(cores.server, false);
  using tls = cases.some((bench) => bench.tls) ? await BenchTarget.start(cores.server, true) : undefined;
  const ground: Ground = { plain, tls, cores, rounds: Number(values.rounds), seconds: Number(values.seconds) };
  const rows: string[][] = [];
  let slower = 0;
  for (const bench of cases) {
    const found = await runRounds({ ...bench, workers: [1] }, peers, ground);
    const roundsOf = (name: string) => found.find((row) => row.name === name)?.rounds ?? [];
    const differences = runtimes.map((runtime) =>
      compareRounds(roundsOf(named("now", runtime)), roundsOf(named("before", runtime)))
    );
    slower += differences.filter(({ verdict }) => verdict === "slower").length;
    rows.push([bench.name, ...differences.map(words)]);
  }
  console.log(textTable([`the work tree to ${before.commit}`, ...runtimes], rows));
  console.log(slower === 0 ? "nothing is slower beyond noise" : `slower: ${slower}`);
  return slower === 0 ? 0 : 1;
}

process.exitCode = await main();
