// Interleaved rounds: each takes every client in turn, every second round backwards, so that what disturbs the machine
// disturbs all alike.

import type { BenchCase, Task } from "./bench_case.ts";
import { wantsAllCores } from "./bench_case.ts";
import type { Row } from "./bench_record.ts";
import type { BenchTarget } from "./bench_target.ts";
import type { Cores } from "./machine.ts";
import { measure } from "./measured_process.ts";
import { median } from "./median.ts";
import type { Peer } from "./peer.ts";

/** What all cases of a run have in common. */
export interface Ground {
  readonly plain: BenchTarget;
  readonly tls: BenchTarget | undefined;
  readonly cores: Cores;
  readonly rounds: number;
  readonly seconds: number;
}

type Sample = Omit<Row, "name" | "rounds">;

interface Entrant {
  readonly name: string;
  readonly peer: Peer;
  readonly workers: number;
}

/** What a process takes that holds no connection at all is told apart by holding so small a part of them as well. */
const FEW = 1 / 5;

/** How long a run may take beyond its time: to start, to end, or to open what it holds. */
const PATIENCE_MS = 30_000;

/** A name for each number of workers. */
export function entrantName(peer: string, workers: number): string {
  return workers === 1 ? peer : `${peer}, ${workers} workers`;
}

export async function runRounds(bench: BenchCase, peers: readonly Peer[], ground: Ground): Promise<Row[]> {
  const entrants = peers.flatMap((peer) =>
    bench.workers.map((workers): Entrant => ({ name: entrantName(peer.name, workers), peer, workers }))
  );
  const samples = new Map<string, (Sample | null)[]>();
  for (let round = 0; round < ground.rounds; round++) {
    for (const entrant of round % 2 === 0 ? entrants : entrants.toReversed()) {
      const sample = await attempt(bench, entrant, ground);
      if (sample === undefined) continue;
      const rounds = samples.get(entrant.name) ?? [];
      rounds.push(sample);
      samples.set(entrant.name, rounds);
    }
  }
  return [...samples].flatMap(([name, rounds]) => rounds.some((sample) => sample !== null) ? rowOf(name, rounds) : []);
}

/** Null: it failed; undefined: it cannot do that. */
async function attempt(
  bench: BenchCase,
  { name, peer, workers }: Entrant,
  ground: Ground,
): Promise<Sample | null | undefined> {
  const target = bench.tls ? ground.tls : ground.plain;
  if (target === undefined) return undefined;
  const task: Task = { ...bench, workers, url: target.url + bench.path, seconds: ground.seconds };
  if (peer.command(task) === undefined) return undefined;
  const cores = wantsAllCores(bench) ? undefined : ground.cores.client;
  try {
    if (task.load.kind !== "hold") return await sampleOf(peer, task, target.pid, cores);
    const few = Math.round(task.load.held * FEW);
    const small = await sampleOf(peer, { ...task, load: { kind: "hold", held: few } }, target.pid, cores);
    const large = await sampleOf(peer, task, target.pid, cores);
    const rssBytesPerHeld = (large.peakRssBytes - small.peakRssBytes) / (task.load.held - few);
    return { ...large, rssBytesPerHeld };
  } catch (error) {
    console.error(`${bench.name}: ${name}: ${(error as Error).message}`);
    return null;
  }
}

async function sampleOf(peer: Peer, task: Task, serverPid: number, cores: string | undefined): Promise<Sample> {
  const run = await measure(peer.command(task)!, cores, serverPid, task.seconds * 1000 + PATIENCE_MS);
  const { rps, lagUs } = peer.read(run.stdout);
  if (!(rps > 0)) throw new Error("it told no rate");
  const { clientShare, cpu, serverShare, peakRssBytes } = run;
  const perRequest = task.load.kind === "hold"
    ? { userUs: cpu.userUs / task.load.held, systemUs: cpu.systemUs / task.load.held }
    : { userUs: (clientShare.user * 1e6) / rps, systemUs: (clientShare.system * 1e6) / rps };
  return { rps, ...perRequest, peakRssBytes, serverShare, ...(lagUs && { lagUs }) };
}

function rowOf(name: string, rounds: readonly (Sample | null)[]): Row {
  const samples = rounds.filter((sample) => sample !== null);
  const middle = (figure: (sample: Sample) => number) => round(median(samples.map(figure)));
  const [{ lagUs, rssBytesPerHeld }] = samples as [Sample];
  return {
    name,
    rps: middle(({ rps }) => rps),
    userUs: middle(({ userUs }) => userUs),
    systemUs: middle(({ systemUs }) => systemUs),
    peakRssBytes: middle(({ peakRssBytes }) => peakRssBytes),
    serverShare: middle(({ serverShare }) => serverShare),
    ...(lagUs && { lagUs: { p50: middle((sample) => sample.lagUs!.p50), p99: middle((sample) => sample.lagUs!.p99) } }),
    ...(rssBytesPerHeld !== undefined && { rssBytesPerHeld: middle((sample) => sample.rssBytesPerHeld!) }),
    rounds: rounds.map((sample) => sample === null ? null : round(sample.rps)),
  };
}

/** To four digits at least: more is noise. */
function round(figure: number): number {
  return Math.abs(figure) >= 1000 ? Math.round(figure) : Number(figure.toPrecision(4));
}
