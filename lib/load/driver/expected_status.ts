// Which statuses a load expects. It is asked for every response, so that it looks into a table and allocates nothing.

import type { ExpectPlan } from "../../scenario/plan.ts";
import { statusRanges, USUAL_STATUS } from "../../scenario/value/expect.ts";

/** A status has three digits (RFC 9110 §15). */
const STATUSES = 1000;

export class ExpectedStatus {
  readonly #expected = new Uint8Array(STATUSES);

  /** Undefined: any status is expected. */
  constructor(status: ExpectPlan["status"]) {
    if (status === undefined) this.#expected.fill(1);
    else for (const [least, most] of statusRanges(status)) this.#expected.fill(1, least, most + 1);
  }

  has(status: number): boolean {
    return this.#expected[status] === 1;
  }
}

/** What is expected where nobody says anything. */
export const BELOW_400: ExpectedStatus = new ExpectedStatus(USUAL_STATUS);

/** What a response was expected to be and was not: how such a request is counted among the errors. */
export type Unmet = `expect/status ${number}` | "expect/header" | "expect/body";

const KEYS: Unmet[] = [];

/** A key for each status. */
export function unmetStatus(status: number): Unmet {
  return KEYS[status] ??= `expect/status ${status}`;
}
