// What a redirect changes, after Go's http.Client: rules without I/O.

/** The method of the request that a response leads to; undefined: it is no redirect (Go's `redirectBehavior`). */
export function redirectMethod(status: number, method: string): string | undefined {
  switch (status) {
    case 301:
    case 302:
    case 303:
      return method === "HEAD" ? "HEAD" : "GET";
    case 307:
    case 308:
      return method;
  }
  return undefined;
}

/** Whether a redirect of this status repeats the request's body. */
export function repeatsBody(status: number): boolean {
  return status === 307 || status === 308;
}

/** Where a Location points; it inherits the fragment (RFC 9110 §10.2.2). Undefined: it is no URL. */
export function resolveLocation(location: string, base: URL): URL | undefined {
  const text = escapeBytes(location);
  if (!URL.canParse(text, base.href)) return undefined;
  const url = new URL(text, base);
  if (url.hash === "") url.hash = base.hash;
  return url;
}

/** Whether a Location names its scheme; one that does not keeps the Host that the caller gave. */
export function isAbsolute(location: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(location);
}

/**
 * The Referer after a redirect: what the caller gave, or the URL left behind without userinfo and fragment (RFC 9110
 * §10.1.3); undefined from https to http.
 */
export function refererAfter(left: URL, next: URL, given: string | undefined): string | undefined {
  if (left.protocol === "https:" && next.protocol === "http:") return undefined;
  if (given !== undefined) return given;
  const referer = withoutUserinfo(left);
  referer.hash = "";
  return referer.href;
}

/** A URL as others may see it. */
export function withoutUserinfo(url: URL): URL {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare;
}

/** Whether credentials meant for one URL's host may go to another's: the same host or one below it, on any port. */
export function mayHaveCredentials(initial: URL, next: URL): boolean {
  if (next.hostname === initial.hostname) return true;
  // an IPv6 address has nothing below it
  return !next.hostname.includes(":") && next.hostname.endsWith(`.${initial.hostname}`);
}

/** A Location's bytes beyond ASCII as `%XX`, whatever encoding they are in: its value has one character per byte. */
function escapeBytes(location: string): string {
  return location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}
