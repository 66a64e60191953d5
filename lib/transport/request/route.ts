// Which connections can carry a request to a URL: the pool's key, and what is dialed (Go's `connectMethod`).

import { parseIp } from "../../core/ip_address.ts";
import type { Settings } from "../options/options.ts";
import type { Proxy } from "../proxy/proxy.ts";

/** Where a connection goes to; an IPv6 address without its brackets. */
export interface Peer {
  readonly host: string;
  readonly port: number;
}

/** Which connections can carry a request, and how one is dialed: Go's `connectMethod`. */
export interface Route {
  /** The pool's key: proxy, scheme and target; without the target where a proxy takes requests for any. */
  readonly key: string;
  readonly scheme: "http" | "https";
  /** The target; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  readonly proxy: Proxy | undefined;
  /** Plain http through an http proxy: the request line has the whole URI, and the proxy is the peer (RFC 9112 §3.2.2). */
  readonly forwarded: boolean;
  /** What is connected to: the proxy, or the target. */
  readonly peer: Peer;
  /** The peer's host is an IP address: there is nothing to look up. */
  readonly peerIsIp: boolean;
}

/** The way to a URL, which is `http:` or `https:`. */
export function routeTo(url: URL, settings: Settings): Route {
  const scheme = url.protocol === "https:" ? "https" : "http";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
  const proxy = settings.proxy?.(url);
  const forwarded = scheme === "http" && (proxy?.scheme === "http" || proxy?.scheme === "https");
  const target = forwarded ? "" : hostPort(host, port);
  const key = `${proxy?.key ?? ""}|${scheme}|${target}`;
  const peer = proxy === undefined ? { host, port } : { host: proxy.host, port: proxy.port };
  return { key, scheme, host, port, proxy, forwarded, peer, peerIsIp: parseIp(peer.host) !== undefined };
}

/** "host:port", with an IPv6 address in brackets. */
export function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
