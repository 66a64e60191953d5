import type { Task } from "./bench_case.ts";

/** What a client says of its run. */
export interface Reading {
  /** Requests a second; connections opened and held a second where they are held. */
  readonly rps: number;
  /** How late the requests of an open loop were sent, where it tells. */
  readonly lagUs?: { readonly p50: number; readonly p99: number };
}

/** A client that is compared. */
export interface Peer {
  readonly name: string;
  /** The command whose output has its version, or the version itself. */
  readonly version: readonly string[] | string;
  /** The command for a task; undefined: it cannot do that. */
  command(task: Task): readonly string[] | undefined;
  /** From what it printed; a rate of NaN where there is none. */
  read(stdout: string): Reading;
}
