// Which proxy a request goes through: the option's, or the environment's, after Go's `ProxyFromEnvironment`. Speaking to it
// is the dial's.

import { TransportError } from "../transport_error.ts";
import { NoProxy } from "./no_proxy.ts";

/** What the `proxy` option takes: a URL for everything, a function of the request's URL, or "environment". */
export type ProxyOption = string | URL | ((url: URL) => URL | string | undefined) | "environment";

/** The proxy for a request's URL; undefined: none. Throws a `TransportError` where its address is invalid. */
export type ProxyFunction = (url: URL) => Proxy | undefined;

export type ProxyScheme = "http" | "https" | "socks5" | "socks5h";

/** A proxy to dial. */
export interface Proxy {
  readonly scheme: ProxyScheme;
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Decoded; "" where none is given. */
  readonly username: string;
  readonly password: string;
  /** For the pool's key: scheme, userinfo, host and port. It holds the password: never shown. */
  readonly key: string;
  /** For messages: the password is `***`. */
  readonly redacted: string;
}

const DEFAULT_PORTS: Readonly<Record<ProxyScheme, number>> = { http: 80, https: 443, socks5: 1080, socks5h: 1080 };

/**
 * The proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name, or the same in lower case, as Go's
 * `ProxyFromEnvironment`. The environment is read now, an address when it is first needed: one that is invalid harms
 * only the requests that would have gone there.
 */
export function proxyFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProxyFunction {
  const noProxy = new NoProxy(env["NO_PROXY"] || env["no_proxy"] || "");
  // the client of a CGI request sets HTTP_PROXY by a `Proxy` header
  const http = env["REQUEST_METHOD"] ? undefined : parsedOnce(env["HTTP_PROXY"] || env["http_proxy"], "HTTP_PROXY");
  const https = parsedOnce(env["HTTPS_PROXY"] || env["https_proxy"], "HTTPS_PROXY");
  return (url) => {
    const secure = url.protocol === "https:";
    const proxy = secure ? https : http;
    if (proxy === undefined) return undefined;
    const port = url.port === "" ? DEFAULT_PORTS[secure ? "https" : "http"] : Number(url.port);
    return noProxy.has(url.hostname, port) ? undefined : proxy();
  };
}

/** The `proxy` option as a function; undefined: no proxy at all. A fixed address is parsed, and may throw, now. */
export function proxyFunction(
  option: ProxyOption | undefined,
  env: Readonly<Record<string, string | undefined>>,
): ProxyFunction | undefined {
  if (option === undefined) return undefined;
  if (option === "environment") return proxyFromEnvironment(env);
  if (typeof option === "function") {
    return (url) => {
      const address = option(url);
      return address === undefined ? undefined : parseProxy(address, "the proxy function's result");
    };
  }
  const proxy = parseProxy(option, "the proxy option");
  return () => proxy;
}

function parsedOnce(address: string | undefined, source: string): (() => Proxy) | undefined {
  if (address === undefined || address === "") return undefined;
  let proxy: Proxy | undefined;
  return () => proxy ??= parseProxy(address, source);
}

function parseProxy(address: string | URL, source: string): Proxy {
  const text = String(address).trim();
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === undefined) throw badProxy(source, "it is no URL");
  const scheme = url.protocol.slice(0, -1);
  if (!isProxyScheme(scheme)) {
    throw badProxy(source, `its scheme is ${JSON.stringify(scheme)}, expected http, https, socks5 or socks5h`);
  }
  // Of a scheme that the URL standard does not know, such as socks5, it leaves the host as it is written.
  const hostname = parseUrl(`http://${url.hostname}`)?.hostname;
  if (hostname === undefined) throw badProxy(source, "it has no valid host");
  const port = url.port === "" ? DEFAULT_PORTS[scheme] : Number(url.port);
  const userinfo = url.username === "" && url.password === "" ? "" : `${url.username}:${url.password}@`;
  const shown = url.password === "" ? url.username : `${url.username}:***`;
  return {
    scheme,
    host: hostname.replace(/^\[|\]$/g, ""),
    port,
    username: decodeUserinfo(url.username, source),
    password: decodeUserinfo(url.password, source),
    key: `${scheme}://${userinfo}${hostname}:${port}`,
    redacted: `${scheme}://${shown === "" ? "" : `${shown}@`}${hostname}:${port}`,
  };
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function isProxyScheme(scheme: string): scheme is ProxyScheme {
  return Object.hasOwn(DEFAULT_PORTS, scheme);
}

function decodeUserinfo(text: string, source: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badProxy(source, "its user or password is not percent-encoded UTF-8");
  }
}

/** Without the address and without a cause: both would show the password. */
function badProxy(source: string, problem: string): TransportError {
  return new TransportError(`invalid proxy address in ${source}: ${problem}`, {
    code: "badProxy",
    side: "local",
    phase: "proxy",
  });
}
