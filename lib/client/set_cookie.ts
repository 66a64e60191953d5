// What a Set-Cookie field says, after Go's `ParseSetCookie`, which is stricter than RFC 6265 §5.2: what is no cookie there
// is none here.

/** A cookie as a server sets it. Its text is one character per byte, as in any field. */
export interface SetCookie {
  readonly name: string;
  /** As it goes into a Cookie field: in quotes if it came so, or has a blank or a comma. */
  readonly value: string;
  /** "": not given, as for `path`. */
  readonly domain: string;
  readonly path: string;
  readonly secure: boolean;
  /** Undefined: not given, or none that Go knows. */
  readonly maxAgeS: number | undefined;
  readonly expiresMs: number | undefined;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Go's `validCookieValueByte`: neither controls nor 8-bit, and none of `";\`. */
const VALUE = /^[ !#-:<-[\]-~]*$/;
const QUOTED = /^"(.*)"$/s;

/** The cookie of a Set-Cookie field; undefined: it is none. */
export function parseSetCookie(field: string): SetCookie | undefined {
  const [pair, ...rest] = field.split(";").map(trim);
  const [name, raw] = cut(pair!);
  if (raw === undefined || !TOKEN.test(trim(name))) return undefined;
  const inner = QUOTED.exec(raw)?.[1];
  const bare = inner ?? raw;
  if (!VALUE.test(bare)) return undefined;
  const attributes = parseAttributes(rest);
  return {
    name: trim(name),
    value: inner !== undefined || /[ ,]/.test(bare) ? `"${bare}"` : bare,
    domain: attributes.get("domain") ?? "",
    path: attributes.get("path") ?? "",
    secure: attributes.has("secure"),
    maxAgeS: attributes.has("max-age") ? Number(attributes.get("max-age")) : undefined,
    expiresMs: parseExpires(attributes.get("expires") ?? ""),
  };
}

/** By name in lower case; the last of a name counts, and one with a byte that no value has is not there. */
function parseAttributes(parts: readonly string[]): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const part of parts) {
    const [name, value = ""] = cut(part);
    const lowered = name.toLowerCase();
    if (VALUE.test(value) && !(lowered === "max-age" && !isMaxAge(value))) attributes.set(lowered, value);
  }
  return attributes;
}

/** A number without leading zeros, of 64 bits. */
function isMaxAge(value: string): boolean {
  return /^([+-]?0+|[+-]\d+|[1-9]\d*)$/.test(value) && Math.abs(Number(value)) < 2 ** 63;
}

const EXPIRES =
  /^(?:sun|mon|tue|wed|thu|fri|sat), (\d\d)([ -])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\2(\d{4}) (\d\d?):(\d\d):(\d\d) (?:[A-Z]{3,4}|[+-]\d\d(?:\d\d)?)$/i;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Go's RFC 1123, with blanks or dashes in the date; the zone is not looked at. */
function parseExpires(text: string): number | undefined {
  const [, day, , month, year, hour, minute, second] = EXPIRES.exec(text) ?? [];
  if (day === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), MONTHS.indexOf(month!.toLowerCase()), Number(day));
  if (date.getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    return undefined;
  }
  return date.setUTCHours(Number(hour), Number(minute), Number(second));
}

/** Before and behind the first "="; without one there is nothing behind it. */
function cut(text: string): [before: string, behind: string | undefined] {
  const at = text.indexOf("=");
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Not of no-break spaces, which `trim()` takes for blanks. */
function trim(text: string): string {
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
}
