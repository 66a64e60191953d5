// What ends a run before its time: descriptors and ports that run out. Rules about what was measured are judging's.

import { type DescriptorLimit, descriptorLimit } from "../../record/descriptor_limit.ts";
import type { Failure } from "../driver/attempt.ts";
import type { Engine, EngineCounts } from "../driver/driver.ts";

/** What a run may have to end for before its time; each answer is undefined, or the reason in a sentence. */
export interface StopRule {
  beforeSend(): string | undefined;
  onError(failure: Failure): string | undefined;
}

/** Descriptors left to the runtime itself, for each of its threads: for its own pipes, a report's file, a module loaded late. */
const RESERVE = 24;

/** What a client's connections, and those of other threads, may come to; a `fetch` has but calls to count. */
export function limitsOf(
  { name, counts }: Pick<Engine, "name" | "counts">,
  descriptors: DescriptorLimit | undefined,
  elsewhere?: Elsewhere,
): StopRule {
  return new ResourceLimits(counts, descriptors, elsewhere, name === "fetch" ? descriptorLimit : undefined);
}

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
  readonly #counts: Readonly<EngineCounts>;
  readonly #limit: number;
  readonly #reserve: number;
  readonly #elsewhere: Elsewhere;
  readonly #look: (() => DescriptorLimit | undefined) | undefined;
  #mostSockets: number;

  /** `look`: where the counts are of calls, each of which takes a descriptor at most, what tells how many are taken. */
  constructor(
    counts: Readonly<EngineCounts>,
    descriptors: DescriptorLimit | undefined,
    elsewhere: Elsewhere = NOWHERE,
    look?: () => DescriptorLimit | undefined,
  ) {
    this.#counts = counts;
    this.#elsewhere = elsewhere;
    this.#limit = descriptors?.limit ?? Infinity;
    this.#reserve = RESERVE * (1 + elsewhere.threads);
    this.#look = look;
    this.#mostSockets = this.#left(descriptors);
  }

  beforeSend(): string | undefined {
    const { dialing, inUse, idle } = this.#counts;
    if (idle !== 0) return undefined;
    const sockets = dialing + inUse + this.#elsewhere.sockets();
    if (sockets < this.#mostSockets) return undefined;
    const left = this.#look === undefined ? 0 : this.#left(this.#look());
    if (left <= 0) return this.#descriptors(sockets);
    this.#mostSockets = sockets + left;
    return undefined;
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

  #left(descriptors: DescriptorLimit | undefined): number {
    return descriptors === undefined ? Infinity : descriptors.limit - descriptors.open - this.#reserve;
  }

  #descriptors(sockets: number): string {
    const what = this.#look === undefined ? "connections" : "calls under way or held";
    const limit = this.#limit === Infinity ? "" : ` (${this.#limit})`;
    return `the limit of open files${limit} is reached with ${sockets} ${what}: raise it with ulimit -n`;
  }
}
