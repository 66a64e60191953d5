// Which of the caller's header fields go along to the next host of a redirect, after Go's `makeHeadersCopier` and
// `shouldCopyHeaderOnRedirect`.

import { type CookiePair, cookiePairs } from "./cookie_pairs.ts";
import { HeaderList } from "./header_list.ts";
import { parseSetCookie } from "./set_cookie.ts";

/** Dropped on the way to another host. */
const CREDENTIALS = new Set([
  "authorization",
  "www-authenticate",
  "cookie",
  "cookie2",
  "proxy-authorization",
  "proxy-authenticate",
]);

/** Dropped with the body that they describe. */
const ABOUT_BODY = new Set(["content-encoding", "content-language", "content-location", "content-type"]);

/** The caller's headers on their way through redirects: Go's `makeHeadersCopier`. */
export class CarriedHeaders {
  readonly #initial: HeaderList;
  /** Undefined: the Cookie field stays as the caller wrote it. */
  #cookies: CookiePair[] | undefined;

  /** `hasJar`: a cookie that a hop sets takes the place of the caller's of that name, whatever its host and path. */
  constructor(initial: HeaderList, hasJar: boolean) {
    this.#initial = initial;
    const cookies = hasJar ? initial.get("Cookie") : undefined;
    this.#cookies = cookies === undefined ? undefined : cookiePairs(cookies);
  }

  /** Takes note of a hop's Set-Cookie fields. */
  replaceCookies(setCookies: readonly string[]): void {
    const replaced = new Set(setCookies.map((field) => parseSetCookie(field)?.name));
    this.#cookies = this.#cookies?.filter((cookie) => !replaced.has(cookie.name));
  }

  /** What the next hop gets. */
  copy(dropCredentials: boolean, dropBody: boolean): HeaderList {
    const copy = new HeaderList();
    for (const [name, value] of this.#initial) {
      const lowered = name.toLowerCase();
      if (dropCredentials && CREDENTIALS.has(lowered)) continue;
      if (dropBody && ABOUT_BODY.has(lowered)) continue;
      if (lowered === "host" || (lowered === "cookie" && this.#cookies !== undefined)) continue;
      copy.append(name, value);
    }
    if (!dropCredentials && this.#cookies !== undefined && this.#cookies.length > 0) {
      copy.append("Cookie", this.#cookies.map((cookie) => cookie.text).join("; "));
    }
    return copy;
  }
}
