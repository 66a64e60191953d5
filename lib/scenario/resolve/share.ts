// A plan cut into shares that run beside each other: together they are the plan, request for request.

import { isOpenLoop, type Plan } from "../plan.ts";

/** One of several equal parts of a plan, from 0. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

export const WHOLE: Share = { index: 0, of: 1 };

/**
 * What one share carries out. Connections, idle ones and a closed loop's requests are dealt like cards. When an open
 * loop's requests are due says the whole schedule, of which a share takes every n-th: its load stays as it is.
 */
export function shareOf(plan: Plan, share: Share): Plan {
  const { load, transport } = plan;
  const dealt = (total: number | undefined): number | undefined => total && dealtTo(share, total);
  return {
    ...plan,
    load: {
      ...load,
      workers: 1,
      connections: dealtTo(share, load.connections),
      requests: isOpenLoop(load) ? load.requests : dealt(load.requests),
    },
    transport: {
      ...transport,
      maxIdleConnsPerHost: dealt(transport.maxIdleConnsPerHost),
      maxConnsPerHost: dealt(transport.maxConnsPerHost),
    },
  };
}

/** How many of a number of things fall to a share: of those that are left over, one to each of the first. */
export function dealtTo({ index, of }: Share, total: number): number {
  return Math.max(0, Math.ceil((total - index) / of));
}
