import type { ExpectPlan } from "../../scenario/plan.ts";
import { valueTest } from "../../scenario/value/expect.ts";
import type { Head } from "./attempt.ts";
import { ExpectedStatus, type Unmet, unmetStatus } from "./expected_status.ts";

/** What a response is held against. */
export class Expectation {
  readonly status: ExpectedStatus;
  /** Bytes that the body must have in it. */
  readonly inBody: Uint8Array | undefined;
  readonly #headers: readonly (readonly [name: string, test: (value: string) => boolean])[];

  constructor({ status, headers, bodyIncludes }: ExpectPlan) {
    this.status = new ExpectedStatus(status);
    this.#headers = headers.map(([name, expected]) => [name.toLowerCase(), valueTest(expected)]);
    this.inBody = bodyIncludes === undefined ? undefined : new TextEncoder().encode(bodyIncludes);
  }

  /** The first thing in a head that is not as it should be; its fields are decoded only where they are asked for. */
  unmetBy(head: Head): Unmet | undefined {
    if (!this.status.has(head.status)) return unmetStatus(head.status);
    if (this.#headers.length === 0) return undefined;
    const fields = head.rawHeaders();
    const met = this.#headers.every(([wanted, test]) =>
      fields.some(([name, value]) => name.toLowerCase() === wanted && test(value))
    );
    return met ? undefined : "expect/header";
  }
}
