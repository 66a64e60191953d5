import fc from "fast-check";

/** Some latencies in ms, from none to beyond an hour, as likely short as long; at least one. */
export const latenciesMs: fc.Arbitrary<number[]> = fc.array(
  fc.double({ min: -3, max: 6.6, noNaN: true }).map((exponent) => 10 ** exponent),
  { minLength: 1, maxLength: 300 },
);
