// The way to a shard that is carried out elsewhere: in a thread, in a child process, on another machine. What goes over
// it is `message.ts`, the same for all of them; what carries it is a carrier's business.

import type { Clock } from "../../core/clock.ts";
import type { FromHost, ToHost } from "./message.ts";

/** This end, where the run is. */
export interface Link {
  tell(message: ToHost): void;
  /** Has the other end close its shard; resolves once it is gone. */
  close(): Promise<void>;
}

/** What comes over a link. */
export interface LinkListener {
  hear(message: FromHost): void;
  /** The other end is gone, and nobody had told it to go: why, in words. At most once, and nothing is heard after it. */
  died(why: string): void;
}

export type OpenLink = (listener: LinkListener) => Link;

/** Who carries out the shares of a plan. */
export interface Hosts {
  /** One for each share. */
  readonly links: readonly OpenLink[];
  /** They lead to threads of this process. */
  readonly threads: boolean;
  readonly clock?: Clock;
}
