// What the load needs of a client: `Driver` is what a generator needs, `Engine` what the run beside it does. Who sends
// the requests implements them, in `lib/load/client`.

import type { ClientName } from "../../scenario/plan.ts";
import type { Census, Traffic } from "../../transport/census.ts";
import type { EngineCounts } from "../account/engine_counts.ts";
import type { SocketName } from "../measurement.ts";
import type { Attempt, AttemptOwner } from "./attempt.ts";

export type { Census, EngineCounts, Traffic };

/** How a request is sent: the generator decides when, a driver knows which one and the way. */
export interface Driver {
  /** Whether there is nothing left to send. */
  readonly exhausted: boolean;
  /** An attempt that this driver can send, any number of times. */
  attempt(owner: AttemptOwner): Attempt;
  /** Sends an attempt that this driver made, and has begun. */
  send(attempt: Attempt): void;
}

/** A client at work: what it has open, and what it did since it was opened. */
export interface Engine extends Driver {
  readonly name: ClientName;
  readonly socket: SocketName;
  /** Kept up to date. */
  readonly counts: Readonly<EngineCounts>;
  readonly traffic: Readonly<Traffic>;
  census(): Census;
  /** Gives up everything that is open. */
  close(): Promise<void>;
}
