// IP addresses as text and as bytes. Strict, as Go's net.ParseIP: no leading zeros, no zones, no short forms of IPv4.

const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
const IPV6_GROUP = /^[0-9a-f]{1,4}$/i;
const IPV6_GROUPS = 8;

/**
 * 4 bytes of an IPv4 address, 16 of an IPv6 one (RFC 4291 §2.2, without brackets); undefined: it is neither. An
 * IPv4-mapped IPv6 address is the IPv4 address that it maps.
 */
export function parseIp(text: string): Uint8Array | undefined {
  if (!text.includes(":")) return parseIpv4(text);
  const ip = parseIpv6(text);
  return ip !== undefined && isMapped(ip) ? ip.subarray(12) : ip;
}

/** 127.0.0.0/8, or ::1. */
export function isLoopback(ip: Uint8Array): boolean {
  if (ip.length === 4) return ip[0] === 127;
  return ip.every((byte, i) => byte === (i === 15 ? 1 : 0));
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = IPV4.exec(text)?.slice(1).map(Number);
  return parts === undefined || parts.some((part) => part > 255) ? undefined : Uint8Array.from(parts);
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = parseGroups(halves[1] ?? "", true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = IPV6_GROUPS - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** Groups between colons; the last two of an address may be written as IPv4 (RFC 4291 §2.2, form 3). */
function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === "") return [];
  const words = text.split(":");
  const groups: number[] = [];
  for (const [i, word] of words.entries()) {
    const ipv4 = last && i === words.length - 1 ? parseIpv4(word) : undefined;
    if (ipv4 !== undefined) groups.push(ipv4[0]! << 8 | ipv4[1]!, ipv4[2]! << 8 | ipv4[3]!);
    else if (IPV6_GROUP.test(word)) groups.push(parseInt(word, 16));
    else return undefined;
  }
  return groups;
}

/** ::ffff:0:0/96, RFC 4291 §2.5.5.2. */
function isMapped(ip: Uint8Array): boolean {
  return ip[10] === 0xff && ip[11] === 0xff && ip.subarray(0, 10).every((byte) => byte === 0);
}
