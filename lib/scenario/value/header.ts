// What may stand in a request's method and headers (RFC 9110 §5.5, §5.6.2, §9.1).

/** A token: methods and header names are made of these. */
export const TOKEN_PATTERN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What may stand in a Host field (RFC 3986 §3.2.2). */
export const HOST_PATTERN = /^[0-9A-Za-z!$%&()*+,\-.:;='[\]_~]*$/;

/** Control characters but the tab: they would let a value end its line and begin another header. */
// deno-lint-ignore no-control-regex
const FORBIDDEN_IN_VALUE = /[\x00-\x08\x0a-\x1f\x7f]/;

/** They say how long the body is, which the transport knows better than whoever writes a header. */
const FRAMING = new Set(["content-length", "transfer-encoding", "trailer"]);

/** What a header should have been; undefined if it is well-formed. */
export function expectedOfHeader(name: string, value: string): string | undefined {
  if (!TOKEN_PATTERN.test(name)) return "a header name of letters, digits and -";
  if (FRAMING.has(name.toLowerCase())) return `no ${name}, which follows from the body`;
  if (FORBIDDEN_IN_VALUE.test(value)) return "a header value without a newline or another control character";
  // deno-lint-ignore no-control-regex
  if (/[^\x00-\xff]/.test(value)) return "a header value of Latin-1 characters";
  return undefined;
}

/** `Name: value` cut in two, blanks around the value dropped; undefined without a colon. */
export function splitHeader(text: string): [name: string, value: string] | undefined {
  const colon = text.indexOf(":");
  if (colon < 1) return undefined;
  return [text.slice(0, colon), text.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "")];
}
