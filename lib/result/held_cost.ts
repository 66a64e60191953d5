// What a held body costs in memory, where a run can tell.

import type { Measurement } from "../load/measurement.ts";
import type { Slope } from "../record/statistics/slope.ts";

/** With fewer held per request than this, what the run's other requests leave weighs as much as they. */
const LEAST_PER_REQUEST = 0.1;

/** A process that runs grows by some MiB of its own. */
const LEAST_BYTES = 8 * 1024 * 1024;

/**
 * What each held body costs: the slope of RSS over the bodies held, the run's start-up left out. Undefined if that is not
 * worth saying: too few are held for what they cost to outweigh the run's own growth, or the interval is wider than the slope.
 */
export function rssBytesPerHeld(
  { slopes: { rssBytesPerHeld: each }, heldBodies }: Pick<Measurement, "slopes"> & { readonly heldBodies: number },
  perRequest: Slope | null,
): Slope | undefined {
  if (each === undefined || perRequest === null || perRequest.low < LEAST_PER_REQUEST) return undefined;
  const sure = each.low > 0 && each.high - each.low <= each.slope;
  return sure && each.slope * heldBodies >= LEAST_BYTES ? each : undefined;
}
