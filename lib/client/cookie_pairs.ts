/** One `name=value` of a Cookie field. */
export interface CookiePair {
  readonly name: string;
  readonly text: string;
}

/** The pairs of a Cookie field (RFC 6265 §4.2.1). */
export function cookiePairs(field: string): CookiePair[] {
  return field.split(";").map((text) => text.trim()).filter((text) => text !== "").map((text) => ({
    name: text.split("=", 1)[0]!.trim(),
    text,
  }));
}
