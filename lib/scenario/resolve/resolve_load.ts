// How much is sent, and when: the load section of a scenario, with its defaults, and what contradicts itself in it.

import type { LoadPlan, Stage } from "../plan.ts";
import type { Scenario } from "../scenario.ts";
import { UsageError } from "../usage_error.ts";
import { formatDurationMs, LONGEST_DURATION_MS, parseDurationMs } from "../value/duration.ts";
import { parseRps } from "../value/rate.ts";

type Load = NonNullable<Scenario["load"]>;

const DEFAULTS = { durationMs: 10_000, connections: 64, graceMs: 1000, pacing: "precise", seed: 1 } as const;

/** Throws a `UsageError` whose field is a path into the scenario. */
export function resolveLoad(load: Load = {}): LoadPlan {
  refuseContradictions(load);
  const stages = resolveStages(load);
  return {
    client: load.client ?? "loadgen",
    rps: rpsOf(load.rps),
    stages,
    arrivals: load.arrivals ?? "constant",
    seed: load.seed ?? DEFAULTS.seed,
    timestamps: load.timestamps,
    durationMs: resolveDuration(load, stages),
    requests: load.requests,
    connections: load.connections ?? DEFAULTS.connections,
    pipeline: load.pipeline ?? 1,
    thinkTimeMs: msOf(load.thinkTime) ?? 0,
    workers: load.workers ?? 1,
    graceMs: msOf(load.grace) ?? DEFAULTS.graceMs,
    warmupMs: msOf(load.warmup) ?? 0,
    cooldownMs: msOf(load.cooldown) ?? 0,
    settleMs: msOf(load.settle) ?? 0,
    pacing: load.pacing ?? DEFAULTS.pacing,
  };
}

/** The field that makes a load an open loop; undefined: it is a closed one. */
export function rateFieldOf(load: Load): string | undefined {
  const name = (["timestamps", "stages", "rps"] as const).find((name) => load[name] !== undefined);
  return name === undefined ? undefined : `load.${name}`;
}

function refuseContradictions(load: Load): void {
  const rateField = rateFieldOf(load);
  if (load.timestamps !== undefined) {
    const other = (["rps", "stages", "arrivals"] as const).find((name) => load[name] !== undefined);
    if (other !== undefined) {
      throw UsageError.conflict("load.timestamps", `load.${other}`, "the file says when requests are due");
    }
  }
  if (load.arrivals !== undefined && rateField === undefined) {
    throw UsageError.needs("load.arrivals", ["load.rps", "load.stages"]);
  }
  if (load.pacing !== undefined && rateField === undefined) {
    throw UsageError.needs("load.pacing", ["load.rps", "load.stages", "load.timestamps"]);
  }
  if (load.seed !== undefined && load.arrivals !== "poisson") {
    throw UsageError.needs("load.seed", [{ path: "load.arrivals", value: "poisson" }], "no other arrivals are random");
  }
  if (load.pipeline !== undefined && rateField !== undefined) {
    throw UsageError.conflict("load.pipeline", rateField, "only a closed loop pipelines");
  }
  refuseIdleWorkers(load, rateField === undefined);
  if (load.thinkTime !== undefined && rateField !== undefined) {
    throw UsageError.conflict("load.thinkTime", rateField, "only a closed loop waits between requests");
  }
}

/** A worker without a connection, or without a request, would only look like one. */
function refuseIdleWorkers(
  { workers = 1, connections = DEFAULTS.connections, requests }: Load,
  isClosed: boolean,
): void {
  if (isClosed && workers > connections) {
    throw UsageError.above("load.workers", "load.connections", connections, workers);
  }
  if (requests !== undefined && workers > requests) {
    throw UsageError.above("load.workers", "load.requests", requests, workers);
  }
}

function resolveStages({ rps, stages }: Load): readonly Stage[] | undefined {
  if (stages === undefined) return undefined;
  if (rps === undefined && stages.every((stage) => rpsOf(stage.rps) === 0)) {
    throw new UsageError("load.stages", "expected a rate above 0 in one of the stages");
  }
  const resolved = stages.map(({ duration, rps }) => ({ durationMs: msOf(duration)!, rps: rpsOf(rps)! }));
  const durationMs = sumOf(resolved);
  if (durationMs === 0) throw new UsageError("load.stages", "expected a duration above 0 in one of the stages");
  if (durationMs > LONGEST_DURATION_MS) {
    throw UsageError.expected("load.stages", "at most 576h in all", formatDurationMs(durationMs));
  }
  const empty = resolved.findIndex(({ durationMs }, index) => durationMs === 0 && !resolved[index + 1]?.durationMs);
  if (empty !== -1) {
    throw new UsageError(
      `load.stages[${empty}]`,
      "expected a stage with a duration after one without",
    );
  }
  return resolved;
}

function resolveDuration(load: Load, stages: readonly Stage[] | undefined): number | undefined {
  const durationMs = msOf(load.duration);
  if (stages !== undefined) return Math.min(durationMs ?? Infinity, sumOf(stages));
  const endless = durationMs === undefined && load.requests === undefined && load.timestamps === undefined;
  return endless ? DEFAULTS.durationMs : durationMs;
}

function sumOf(stages: readonly Stage[]): number {
  return stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function msOf(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDurationMs(duration);
}

function rpsOf(rate: string | number | undefined): number | undefined {
  return rate === undefined ? undefined : parseRps(rate);
}
