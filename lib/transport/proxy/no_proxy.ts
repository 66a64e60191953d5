// The list of hosts that are reached without a proxy, by the rules of Go's `httpproxy`.

import { isLoopback, parseIp } from "../../core/ip_address.ts";

/** One entry of the list. A port of "" means any. */
type Rule =
  | { readonly kind: "all" }
  | { readonly kind: "network"; readonly ip: Uint8Array; readonly bits: number }
  | { readonly kind: "ip"; readonly ip: Uint8Array; readonly port: string }
  | { readonly kind: "domain"; readonly suffix: string; readonly itself: boolean; readonly port: string };

/**
 * Which hosts are reached without the environment's proxy, as Go's `httpproxy` reads NO_PROXY: entries between commas,
 * each an IP address, a network ("10.0.0.0/8"), a domain ("example.com" with its subdomains; ".example.com" and
 * "*.example.com" the subdomains alone) or "*" for every host. Addresses and domains may name a port. What is none of
 * these is passed over. "localhost" and loopback addresses always belong to it.
 */
export class NoProxy {
  readonly #rules: readonly Rule[];

  constructor(list: string) {
    this.#rules = list.toLowerCase().split(",").map((entry) => parseRule(entry.trim())).filter((rule) =>
      rule !== undefined
    );
  }

  /** Whether the list names this host, which is as `URL.hostname` gives it. */
  has(hostname: string, port: number): boolean {
    if (hostname === "localhost") return true;
    const ip = parseIp(hostname.replace(/^\[|\]$/g, ""));
    if (ip !== undefined && isLoopback(ip)) return true;
    return this.#rules.some((rule) => matches(rule, hostname, ip, String(port)));
  }
}

function parseRule(entry: string): Rule | undefined {
  if (entry === "*") return { kind: "all" };
  const network = parseNetwork(entry);
  if (network !== undefined) return network;
  const split = /^(?:\[(.*)\]|([^:]*)):([^:]*)$/.exec(entry);
  const host = split === null ? entry : split[1] ?? split[2]!;
  const port = split?.[3] ?? "";
  if (host === "") return undefined;
  const ip = parseIp(host);
  if (ip !== undefined) return { kind: "ip", ip, port };
  const domain = asciiDomain(host.replace(/^\*(?=\.)/, ""));
  const itself = !domain.startsWith(".");
  return { kind: "domain", suffix: itself ? `.${domain}` : domain, itself, port };
}

function parseNetwork(entry: string): Rule | undefined {
  const [text, length, ...more] = entry.split("/");
  if (length === undefined || more.length > 0 || !/^\d{1,3}$/.test(length)) return undefined;
  const ip = parseIp(text!);
  if (ip === undefined) return undefined;
  // Of an IPv4-mapped network the prefix counts the 96 bits before the IPv4 address, too.
  const bits = Number(length) - (ip.length === 4 && text!.includes(":") ? 96 : 0);
  return bits < 0 || bits > ip.length * 8 ? undefined : { kind: "network", ip, bits };
}

/** A name as `URL.hostname` would give it. */
function asciiDomain(name: string): string {
  if (!/[^ -~]/.test(name)) return name;
  try {
    return new URL(`http://${name}`).hostname;
  } catch {
    return name;
  }
}

function matches(rule: Rule, hostname: string, ip: Uint8Array | undefined, port: string): boolean {
  switch (rule.kind) {
    case "all":
      return true;
    case "network":
      return ip !== undefined && ip.length === rule.ip.length && samePrefix(ip, rule.ip, rule.bits);
    case "ip":
      return ip !== undefined && ip.length === rule.ip.length && samePrefix(ip, rule.ip, ip.length * 8) &&
        (rule.port === "" || rule.port === port);
    case "domain":
      return ip === undefined && (rule.port === "" || rule.port === port) &&
        (hostname.endsWith(rule.suffix) || (rule.itself && hostname === rule.suffix.slice(1)));
  }
}

function samePrefix(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  return a.every((byte, i) => {
    const left = Math.max(0, 8 - Math.max(0, bits - i * 8));
    return byte >> left === b[i]! >> left;
  });
}
