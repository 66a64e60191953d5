// Who takes part: those that are here, each with its version.

import { spawnSync } from "node:child_process";
import process from "node:process";
import { findOnPath, findRuntime, packageRoot, RUNTIMES } from "../../cli/process/runtimes.ts";
import type { BenchCase } from "./bench_case.ts";
import type { Peer } from "./peer.ts";
import { PROGRAMS } from "./programs.ts";
import { autocannonPeer, barePeer, goPeer, loadgenPeer, undiciPeer } from "./scripts.ts";

export interface Field {
  readonly peers: readonly Peer[];
  /** By peer's name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Those that are not here, with what would bring them. */
  readonly missing: readonly string[];
}

/** `goLoop`: the Go peer's binary, where it could be built. */
export function findPeers(goLoop: string | undefined): Field {
  const missing: string[] = [];
  const peers: Peer[] = [];
  for (const runtime of RUNTIMES) {
    const executable = findRuntime(runtime);
    if (executable === undefined) missing.push(runtime);
    else peers.push(loadgenPeer(runtime, executable, packageRoot), barePeer(runtime, executable));
  }
  for (const program of PROGRAMS) {
    const here = findOnPath(program.name) !== undefined &&
      (typeof program.version === "string" || program.known.test(outputOf(program.version)));
    if (here) peers.push(program);
    else missing.push(`${program.name} (${program.from})`);
  }
  peers.push(autocannonPeer(), undiciPeer());
  if (goLoop === undefined) missing.push("Go net/http (Debian: golang-go)");
  else peers.push(goPeer(goLoop));
  return { peers, missing, versions: Object.fromEntries(peers.map((peer) => [peer.name, versionOf(peer)])) };
}

/** loadgen, and whom the case wants beside it. */
export function takesPart({ beside }: BenchCase, { name }: Peer): boolean {
  return beside === undefined || ["loadgen", ...beside].some((beginning) => isNamed(name, beginning));
}

/** "wrk" is not "wrk2". */
function isNamed(name: string, beginning: string): boolean {
  return name === beginning || name.startsWith(`${beginning},`);
}

function versionOf({ version }: Peer): string {
  if (typeof version === "string") return version;
  return /\d+\.\d+[\w.+-]*/.exec(outputOf(version))?.[0] ?? "";
}

function outputOf([program, ...words]: readonly string[]): string {
  const { stdout, stderr } = spawnSync(program!, words, { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  return `${stdout}${stderr}`;
}
