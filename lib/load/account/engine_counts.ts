import type { Counts } from "../../transport/census.ts";

/** How the connections and bodies of a load's client stand. */
export interface EngineCounts extends Counts {
  /** Bodies that nobody will read, and that are not given up. */
  heldBodies: number;
}

/** As they stand, of a client's live counts or of whatever else holds them. */
export function standingOf({ dialing, inUse, idle, waiting, heldBodies }: Readonly<EngineCounts>): EngineCounts {
  return { dialing, inUse, idle, waiting, heldBodies };
}
