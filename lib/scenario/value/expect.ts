// What a response is expected to be, as it is written.

/** A status class: "2xx". */
export const STATUS_CLASS = /^[1-5]xx$/;

/** What is expected where nobody says anything: a status below 400. */
export const USUAL_STATUS: readonly string[] = ["1xx", "2xx", "3xx"];

/** Instead of codes and classes: the status does not matter. */
export const ANY_STATUS = "any";

/** Codes and classes as the two ends of each range, both included. */
export function statusRanges(status: readonly (number | string)[]): (readonly [least: number, most: number])[] {
  return status.map((each) => {
    if (typeof each === "number") return [each, each];
    const hundreds = Number(each[0]) * 100;
    return [hundreds, hundreds + 99];
  });
}

/** A test for a header's value: `/…/` with optional flags is a regular expression, anything else the exact text. */
export function valueTest(expected: string): (value: string) => boolean {
  const [, source, flags] = expected.match(REGULAR_EXPRESSION) ?? [];
  if (source === undefined) return (value) => value === expected;
  const pattern = new RegExp(source, flags);
  return (value) => pattern.test(value);
}

/** Neither g nor y, which would remember where the last match ended. */
const REGULAR_EXPRESSION = /^\/(.+)\/([imsu]*)$/s;

/** Whether `valueTest` takes it. */
export function isValueTest(expected: string): boolean {
  try {
    valueTest(expected);
    return true;
  } catch {
    return false;
  }
}
