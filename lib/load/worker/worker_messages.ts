// What the main thread and a worker thread say to each other: plain data. Instants are in milliseconds since the epoch,
// because the origins of two threads' clocks differ.

import type { DescriptorLimit } from "../../record/descriptor_limit.ts";
import type { Plan } from "../../scenario/plan.ts";
import type { Share } from "../../scenario/resolve/share.ts";
import { UsageError } from "../../scenario/usage_error.ts";
import { type Phase, type Side, TransportError } from "../../transport/transport_error.ts";
import type { Ending } from "../ending.ts";
import type { RunInputs } from "../run_inputs.ts";
import type { Change, Shard } from "../shard/shard.ts";
import type { ShardSecond } from "../shard/shard_second.ts";

/** What a worker needs to begin with. */
export interface WorkerTask {
  /** The share's. */
  readonly plan: Plan;
  readonly share: Share;
  readonly inputs: RunInputs;
  readonly steered: boolean;
  /** The memory of `SharedCounts`. */
  readonly counts: SharedArrayBuffer;
  readonly descriptors: DescriptorLimit | undefined;
}

export type ToWorker =
  | { readonly kind: "open"; readonly task: WorkerTask }
  | { readonly kind: "warmUp"; readonly at: number }
  | { readonly kind: "start"; readonly at: number; readonly early: Ending | undefined }
  | { readonly kind: "stop"; readonly ending: Ending }
  | { readonly kind: "change"; readonly change: Change }
  | { readonly kind: "close" };

export type FromWorker =
  /** Its modules are loaded. */
  | { readonly kind: "loaded" }
  | { readonly kind: "ready"; readonly socket: Shard["socket"] }
  /** Instead of ready. */
  | { readonly kind: "problem"; readonly problem: PlainError }
  | { readonly kind: "warm"; readonly offered: number | undefined; readonly early: Ending | undefined }
  | { readonly kind: "second"; readonly second: ShardSecond }
  | { readonly kind: "dispatched"; readonly forMs: number }
  /** With what no second told. */
  | { readonly kind: "ended"; readonly ending: Ending; readonly second: ShardSecond; readonly forMs: number }
  | { readonly kind: "cooled"; readonly offered: number }
  | { readonly kind: "closed" };

/** An error that a caller of `runLoad` may get; its class does not survive a message. */
export interface PlainError {
  readonly message: string;
  readonly usage?: { readonly field: string; readonly problem: string };
  readonly transport?: { readonly code: string; readonly side: Side; readonly phase: Phase };
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

/** This moment, for another thread. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Another thread's moment on this thread's clock. */
export function clockMs(atEpochMs: number): number {
  return atEpochMs - performance.timeOrigin;
}
