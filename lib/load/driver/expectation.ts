import type { ExpectPlan } from "../../scenario/plan.ts";
import { statusRanges, valueTest } from "../../scenario/value/expect.ts";
import type { Head } from "./attempt.ts";

/** What a response was expected to be and was not: how such a request is counted among the errors. */
export type Unmet = "expect/status" | "expect/header" | "expect/body";

/** What a response is held against. */
export class Expectation {
  /** Bytes that the body must have in it. */
  readonly inBody: Uint8Array | undefined;
  readonly #status: readonly (readonly [least: number, most: number])[] | undefined;
  readonly #headers: readonly (readonly [name: string, test: (value: string) => boolean])[];

  constructor({ status, headers, bodyIncludes }: ExpectPlan) {
    this.#status = status === undefined ? undefined : statusRanges(status);
    this.#headers = headers.map(([name, expected]) => [name.toLowerCase(), valueTest(expected)]);
    this.inBody = bodyIncludes === undefined ? undefined : new TextEncoder().encode(bodyIncludes);
  }

  /** The first thing in a head that is not as it should be; its fields are decoded only where they are asked for. */
  unmetBy(head: Head): Unmet | undefined {
    const { status } = head;
    if (this.#status?.some(([least, most]) => status >= least && status <= most) === false) return "expect/status";
    if (this.#headers.length === 0) return undefined;
    const fields = head.rawHeaders();
    const met = this.#headers.every(([wanted, test]) =>
      fields.some(([name, value]) => name.toLowerCase() === wanted && test(value))
    );
    return met ? undefined : "expect/header";
  }
}
