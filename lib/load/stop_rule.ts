import type { DescriptorLimit } from "../record/descriptor_limit.ts";
import type { Counts } from "../transport/pool.ts";
import type { TransportError } from "../transport/transport_error.ts";

/** What a run may have to end for before its time; each answer is undefined, or the reason in a sentence. */
export interface StopRule {
  beforeSend(): string | undefined;
  onError(error: TransportError): string | undefined;
}

/** Descriptors left to the runtime itself: for its own pipes, a report's file, a module loaded late. */
const RESERVE = 24;

/**
 * Ends a run before the process runs out of descriptors, and when it runs out of ports. The count comes first, because
 * one runtime reports a dial without a descriptor as ECONNREFUSED.
 */
export class ResourceLimits implements StopRule {
  readonly #counts: Readonly<Counts>;
  readonly #limit: number;
  readonly #mostSockets: number;

  constructor(counts: Readonly<Counts>, descriptors: DescriptorLimit | undefined) {
    this.#counts = counts;
    this.#limit = descriptors?.limit ?? Infinity;
    this.#mostSockets = descriptors === undefined ? Infinity : descriptors.limit - descriptors.open - RESERVE;
  }

  beforeSend(): string | undefined {
    const { dialing, inUse, idle } = this.#counts;
    return idle === 0 && dialing + inUse >= this.#mostSockets ? this.#descriptors(dialing + inUse) : undefined;
  }

  onError(error: TransportError): string | undefined {
    if (error.phase !== "dial" && error.phase !== "proxy") return undefined; // of a proxy, too, the dial may be what failed
    switch (error.code) {
      case "EMFILE":
      case "ENFILE":
        return this.#descriptors(this.#counts.dialing + this.#counts.inUse + this.#counts.idle);
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
