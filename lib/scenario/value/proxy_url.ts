// The URL of a proxy as it is written, checked and masked. Which proxy the environment names is not decided here.

/** What stands where a secret was. */
export const MASK = "***";

/** The proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. */
export const ENVIRONMENT = "environment";

/** No proxy; so does the empty text, as people are used to from curl. */
const NONE = "none";

const SCHEMES: ReadonlySet<string> = new Set(["http", "https", "socks5", "socks5h"]);

/**
 * What is wrong with a proxy's URL, to follow the field's name; undefined if it is valid. A host with a port needs no
 * scheme. The text shows neither user nor password.
 */
export function problemOfProxy(text: string): string | undefined {
  if (text === "" || text === NONE || text === ENVIRONMENT) return undefined;
  const problem = problemOfAddress(text);
  if (problem === undefined) return undefined;
  const expected = "expected a URL such as http://host:3128 or socks5://host:1080, environment or none";
  return `${expected}, got ${JSON.stringify(maskProxy(text))}${problem === "" ? "" : `, ${problem}`}`;
}

/** The proxy's URL, only scheme, userinfo and host; "environment" as it is; undefined: none. */
export function normalizeProxy(text: string): string | undefined {
  if (text === ENVIRONMENT) return text;
  if (text === "" || text === NONE) return undefined;
  const { protocol, username, password, host } = new URL(withScheme(text));
  const userinfo = username === "" && password === "" ? "" : `${username}:${password}@`;
  return `${protocol}//${userinfo}${host}`;
}

/** "" if all there is to say is that it is not a URL. */
function problemOfAddress(text: string): string | undefined {
  const url = withScheme(text);
  const scheme = url.slice(0, url.indexOf(":")).toLowerCase();
  if (!SCHEMES.has(scheme)) return `whose scheme is ${scheme}`;
  if (/^[^:]*:\/\/(?:[^/?#]*@)?(?:[:/?#]|$)/.test(url)) return "which has no host";
  if (/\s/.test(url) || !URL.canParse(url)) return "";
  if (url === text ? false : !/:\d+\/?$/.test(text)) return "which has neither scheme nor port";
  const { username, password, pathname, search, hash } = new URL(url);
  // Behind an unescaped / or ? in a password stands what was meant to be the host.
  if (!/^\/?$/.test(pathname) || search !== "" || hash !== "") return "which goes on after the port";
  return isPercentEncoded(username) && isPercentEncoded(password) ? undefined : "whose password is not percent-encoded";
}

function withScheme(text: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A proxy's URL without its userinfo, as far as the last @, so that this holds for one that is malformed, too. */
export function maskProxy(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, `$1${MASK}@`);
}
