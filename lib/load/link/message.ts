// What a run and the host of one of its shards say to each other: plain data, whatever carries it. First the host says
// that it is loaded, is told to open its shard, and is ready; then it is told to warm up, if that is in the plan, and to
// start. It tells of each second, of its end, of the end of what cools down, and last, once told to close, that it has.
// While nothing is sent it may be asked what is open.

import type { DescriptorLimit } from "../../record/descriptor_limit.ts";
import type { ProcessSample } from "../../record/process_sampler.ts";
import type { RuntimeInfo } from "../../record/runtime_info.ts";
import type { Plan } from "../../scenario/plan.ts";
import type { Share } from "../../scenario/resolve/share.ts";
import { UsageError } from "../../scenario/usage_error.ts";
import { type Phase, type Side, TransportError } from "../../transport/transport_error.ts";
import type { RequestCounts } from "../account/account.ts";
import type { EngineCounts } from "../account/engine_counts.ts";
import type { Ending } from "../ending.ts";
import type { Inventory } from "../measurement.ts";
import type { RunInputs } from "../run_inputs.ts";
import type { Change, Shard } from "../shard/shard.ts";
import type { ShardSecond } from "../shard/shard_second.ts";

/** What a host needs to begin with. */
export interface ShardTask {
  /** The share's. */
  readonly plan: Plan;
  readonly share: Share;
  readonly inputs: RunInputs;
  readonly steered: boolean;
  /** What threads of one process share; undefined: the host is a process of its own. */
  readonly shared?: SharedState | undefined;
}

export interface SharedState {
  /** The memory of `SharedCounts`. */
  readonly counts: SharedArrayBuffer;
  readonly descriptors: DescriptorLimit | undefined;
}

/**
 * An instant is in milliseconds since the epoch, because the origins of two threads' clocks differ; undefined: now, as
 * the clocks of two processes may differ altogether.
 */
export type Instant = number | undefined;

export type ToHost =
  | { readonly kind: "open"; readonly task: ShardTask }
  | { readonly kind: "warmUp"; readonly at?: Instant }
  | { readonly kind: "start"; readonly at?: Instant; readonly early?: Ending | undefined }
  | { readonly kind: "stop"; readonly ending: Ending }
  | { readonly kind: "change"; readonly change: Change }
  | { readonly kind: "inventory"; readonly settleMs: number }
  | { readonly kind: "close" };

export type FromHost =
  /** Its modules are loaded. */
  | { readonly kind: "loaded" }
  | { readonly kind: "ready"; readonly runtime: RuntimeInfo; readonly socket: Shard["socket"] }
  /** Instead of ready. */
  | { readonly kind: "problem"; readonly problem: PlainError }
  /** How things stand, ten times a second; from a process alone, as threads say it in the memory that they share. */
  | {
    readonly kind: "tick";
    readonly requests: RequestCounts;
    readonly counts: Readonly<EngineCounts>;
    readonly process: ProcessSample;
  }
  | { readonly kind: "warm"; readonly offered?: number | undefined; readonly early?: Ending | undefined }
  | { readonly kind: "second"; readonly second: ShardSecond }
  | { readonly kind: "dispatched"; readonly forMs: number }
  /** With what no second told. */
  | { readonly kind: "ended"; readonly ending: Ending; readonly second: ShardSecond; readonly forMs: number }
  | { readonly kind: "cooled"; readonly offered: number }
  | { readonly kind: "inventory"; readonly inventory: Inventory }
  | { readonly kind: "closed" };

/** An error that a caller of `load` may get; its class does not survive a message. */
export interface PlainError {
  readonly message: string;
  readonly usage?: { readonly field: string; readonly problem: string } | undefined;
  readonly transport?: { readonly code: string; readonly side: Side; readonly phase: Phase } | undefined;
}

export function plainError(error: unknown): PlainError {
  if (error instanceof UsageError) {
    const { message, field, problem } = error;
    return { message, usage: { field, problem } };
  }
  if (error instanceof TransportError) {
    const { message, code, side, phase } = error;
    return { message, transport: { code, side, phase } };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}

export function errorOf({ message, usage, transport }: PlainError): Error {
  if (usage !== undefined) return new UsageError(usage.field, usage.problem);
  return transport === undefined ? new Error(message) : new TransportError(message, transport);
}

/** An instant of this thread's clock, for another thread. */
export function epochMs(atClockMs: number): number {
  return performance.timeOrigin + atClockMs;
}

/** Another thread's instant on this thread's clock. */
export function clockMs(at: Instant): number | undefined {
  return at === undefined ? undefined : at - performance.timeOrigin;
}
