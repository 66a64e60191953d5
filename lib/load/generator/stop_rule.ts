import type { DescriptorLimit } from "../../record/descriptor_limit.ts";
import type { Failure } from "../driver/attempt.ts";
import type { Counts } from "../driver/driver.ts";

/** What a run may have to end for before its time; each answer is undefined, or the reason in a sentence. */
export interface StopRule {
  beforeSend(): string | undefined;
  onError(failure: Failure): string | undefined;
}

/** Descriptors left to the runtime itself, for each of its threads: for its own pipes, a report's file, a module loaded late. */
const RESERVE = 24;

/** Other threads of this process, whose connections take from the same descriptors. */
export interface Elsewhere {
  readonly threads: number;
  /** How many connections they have, dialing ones included. */
  sockets(): number;
}

const NOWHERE: Elsewhere = { threads: 0, sockets: () => 0 };

/**
 * Ends a run before the process runs out of descriptors, and when it runs out of ports. The count comes first, because
 * one runtime reports a dial without a descriptor as ECONNREFUSED.
 */
export class ResourceLimits implements StopRule {
  readonly #counts: Readonly<Counts>;
  readonly #limit: number;
  readonly #mostSockets: number;
  readonly #elsewhere: Elsewhere;

  constructor(
    counts: Readonly<Counts>,
    descriptors: DescriptorLimit | undefined,
    elsewhere: Elsewhere = NOWHERE,
  ) {
    this.#counts = counts;
    this.#elsewhere = elsewhere;
    this.#limit = descriptors?.limit ?? Infinity;
    const reserve = RESERVE * (1 + elsewhere.threads);
    this.#mostSockets = descriptors === undefined ? Infinity : descriptors.limit - descriptors.open - reserve;
  }

  beforeSend(): string | undefined {
    const { dialing, inUse, idle } = this.#counts;
    if (idle !== 0) return undefined;
    const sockets = dialing + inUse + this.#elsewhere.sockets();
    return sockets >= this.#mostSockets ? this.#descriptors(sockets) : undefined;
  }

  onError(failure: Failure): string | undefined {
    if (failure.phase !== "dial" && failure.phase !== "proxy") return undefined; // of a proxy, too, the dial may be what failed
    switch (failure.code) {
      case "EMFILE":
      case "ENFILE":
        return this.#descriptors(
          this.#counts.dialing + this.#counts.inUse + this.#counts.idle + this.#elsewhere.sockets(),
        );
      case "EADDRNOTAVAIL":
        return "no local port is left for another connection to this address: " +
          "widen net.ipv4.ip_local_port_range, or keep connections alive";
    }
    return undefined;
  }

  #descriptors(sockets: number): string {
    const limit = this.#limit === Infinity ? "" : ` (${this.#limit})`;
    return `the limit of open files${limit} is reached with ${sockets} connections: raise it with ulimit -n`;
  }
}
