// URLs to send to: absolute ones (WHATWG URL), and paths that count from a base URL.

import { isTemplate } from "./template_signs.ts";

/** What a URL to send to looks like. */
export const URL_FORM = "http://host[:port]/path or https://…";

const MAX_PORT = 65_535;

/**
 * What is wrong with a URL to send to, to follow the field's name; undefined if it is valid.
 * Absolute, http or https, with a host: a guess at what "localhost:8080" means would sooner or later hit the wrong server.
 */
export function problemOfUrl(text: string): string | undefined {
  const expected = `expected ${URL_FORM}`;
  const got = JSON.stringify(text);
  const scheme = text.match(/^([a-z][a-z0-9+.-]*):\/\//i)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    const hint = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:[/?]|$)/i.test(text) ? `; did you mean http://${text}?` : "";
    return `${expected}, got ${got}, which has no scheme${hint}`;
  }
  if (scheme !== "http" && scheme !== "https") return `${expected}, got ${got}, whose scheme is ${scheme}`;
  if (/^(?:[:/?#]|$)/.test(text.slice(scheme.length + "://".length).replace(/^[^/?#]*@/, ""))) {
    return `${expected}, got ${got}, which has no host`;
  }
  const port = text.match(/^[^/]+\/\/[^/?#]*:(\d+)(?:[/?#]|$)/)?.[1];
  if (Number(port) > MAX_PORT) return `${expected}, got ${got}, whose port is above ${MAX_PORT}`;
  if (/\s/.test(text) || !URL.canParse(text)) return `${expected}, got ${got}`;
  return undefined;
}

/** The same for a request's URL, which may be a path. A template is checked once its variables are known. */
export function problemOfTarget(text: string): string | undefined {
  return isPath(text) || isTemplate(text) ? undefined : problemOfUrl(text);
}

/** The same for a base URL, which ends where paths begin. */
export function problemOfBaseUrl(text: string): string | undefined {
  if (/[?#]/.test(text)) return `expected a URL without a query, got ${JSON.stringify(text)}`;
  return isTemplate(text) ? undefined : problemOfUrl(text);
}

/** Whether a request's URL counts from the base URL. */
export function isPath(url: string): boolean {
  return url.startsWith("/");
}

/** The URL as it is sent: normalised (WHATWG URL), without the fragment, which never leaves a client. */
export function normalizeUrl(text: string): string {
  const url = new URL(text);
  url.hash = "";
  return url.href;
}
