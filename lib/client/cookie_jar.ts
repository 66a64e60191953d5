import { CookieJar as Jar } from "tough-cookie";

/**
 * Cookies by host, path, `Secure` and expiry (RFC 6265), in memory. A cookie for a whole public suffix ("com", "co.uk")
 * is refused. As in Go's `cookiejar`, plain http to loopback is no secure origin.
 */
export class CookieJar {
  readonly #jar = new Jar(undefined, { rejectPublicSuffixes: true, allowSecureOnLocal: false });

  /** The value of the Cookie field for a request to this URL; "" for none. */
  cookiesFor(url: URL): string {
    return this.#jar.getCookieStringSync(url.href);
  }

  /** Takes in the values of a response's Set-Cookie fields; malformed and foreign ones are left out in silence. */
  store(url: URL, setCookies: readonly string[]): void {
    for (const each of setCookies) this.#jar.setCookieSync(each, url.href, { ignoreError: true });
  }
}
