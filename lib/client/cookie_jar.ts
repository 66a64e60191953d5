// Cookies in memory, after Go's `net/http/cookiejar` with a list of public suffixes. What a field says is parsed beside it.

import { getPublicSuffix } from "tldts";
import { isLoopback, parseIp } from "../core/ip_address.ts";
import { parseSetCookie } from "./set_cookie.ts";

interface Entry {
  readonly name: string;
  readonly value: string;
  /** A name without its last dot, or an address without brackets. */
  readonly domain: string;
  /** It goes to no host below its domain. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly expiresMs: number;
}

/**
 * Cookies by host, path, `Secure` and expiry (RFC 6265, as Go's `cookiejar` reads it), in memory. A cookie for a whole
 * public suffix ("com", "co.uk") is refused. A `Secure` cookie goes to loopback over plain http, too, as in browsers.
 */
export class CookieJar {
  /** By domain, path and name, in the order in which they were first set. */
  readonly #entries = new Map<string, Entry>();

  /** The value of the Cookie field for a request to this URL; "" for none. */
  cookiesFor(url: URL): string {
    if (!isHttp(url)) return "";
    const host = hostOf(url);
    const path = pathOf(url);
    const now = Date.now();
    const sent: Entry[] = [];
    for (const [key, entry] of this.#entries) {
      if (entry.expiresMs <= now) this.#entries.delete(key);
      else if (goesTo(entry, url, host, path)) sent.push(entry);
    }
    // RFC 6265 §5.4: longer paths first; Go compares them as text
    sent.sort((a, b) => a.path === b.path ? 0 : a.path < b.path ? 1 : -1);
    return sent.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  /** Takes in the values of a response's Set-Cookie fields; malformed and foreign ones are left out in silence. */
  store(url: URL, setCookies: readonly string[]): void {
    if (!isHttp(url)) return;
    const host = hostOf(url);
    const now = Date.now();
    for (const field of setCookies) {
      const cookie = parseSetCookie(field);
      const scope = cookie && scopeOf(host, cookie.domain);
      if (cookie === undefined || scope === undefined) continue;
      const { name, value, secure, maxAgeS, expiresMs = Infinity } = cookie;
      const path = cookie.path.startsWith("/") ? cookie.path : defaultPath(pathOf(url));
      const key = `${scope.domain};${path};${name}`;
      const expires = maxAgeS === undefined ? expiresMs : maxAgeS > 0 ? now + maxAgeS * 1000 : -Infinity;
      if (expires <= now) this.#entries.delete(key);
      else this.#entries.set(key, { name, value, ...scope, path, secure, expiresMs: expires });
    }
  }
}

function goesTo(entry: Entry, url: URL, host: string, path: string): boolean {
  const { domain } = entry;
  return (host === domain || (!entry.hostOnly && isBelow(host, domain))) && pathMatches(path, entry.path) &&
    (!entry.secure || url.protocol === "https:" || isLocal(domain));
}

/** The domain of a cookie that this host sets; undefined: it may not set it (Go's `domainAndType`). */
function scopeOf(host: string, attribute: string): { domain: string; hostOnly: boolean } | undefined {
  const own = { domain: host, hostOnly: true };
  if (attribute === "") return own;
  if (parseIp(host) !== undefined) return attribute === host ? own : undefined;
  const domain = attribute.replace(/^\./, "").toLowerCase();
  if (domain === "" || domain.startsWith(".") || domain.endsWith(".")) return undefined;
  if (domain === getPublicSuffix(domain, { allowPrivateDomains: true })) return domain === host ? own : undefined;
  return host === domain || isBelow(host, domain) ? { domain, hostOnly: false } : undefined;
}

/** RFC 6265 §5.1.4. */
function pathMatches(path: string, prefix: string): boolean {
  return path === prefix || (path.startsWith(prefix) && (prefix.endsWith("/") || path[prefix.length] === "/"));
}

/** RFC 6265 §5.1.4: the directory. */
function defaultPath(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** Go's `isLocalhost`, and loopback addresses. */
function isLocal(domain: string): boolean {
  const ip = parseIp(domain);
  return ip === undefined ? domain === "localhost" || domain.endsWith(".localhost") : isLoopback(ip);
}

function isBelow(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`);
}

function isHttp({ protocol }: URL): boolean {
  return protocol === "http:" || protocol === "https:";
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$|\.$/g, "");
}

/** As in Go without its escapes. */
function pathOf({ pathname }: URL): string {
  return pathname.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
