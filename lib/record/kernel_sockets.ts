// What the kernel knows of this process's TCP sockets, on Linux: its tables of all sockets, joined by inode with the links
// in /proc/self/fd. Tables are read in pieces, as they may be large and memory is being measured. The cost is in README.md:
// not for while a load sends.

import { closeSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";

const TABLES = ["/proc/self/net/tcp", "/proc/self/net/tcp6"] as const;
const DESCRIPTORS = "/proc/self/fd";

const SOCKET = "socket:[";

const PIECE_BYTES = 64 * 1024;

const COLON = 0x3a;
const SPACE = 0x20;
const LINE_END = 0x0a;

/**
 * How many TCP sockets of this process lead to one of these ports, connecting ones included, whatever their address.
 * Undefined where the system does not tell.
 */
export function socketsTo(ports: ReadonlySet<number>): number | undefined {
  const inodes = new Set<number>();
  try {
    for (const path of TABLES) readTable(path, ports, inodes);
    return inodes.size === 0 ? 0 : ownOf(inodes);
  } catch {
    return undefined;
  }
}

/** A system may be without IPv6, but not without IPv4. */
function readTable(path: string, ports: ReadonlySet<number>, inodes: Set<number>): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    if (path === TABLES[0]) throw error;
    return;
  }
  try {
    const buffer = new Uint8Array(PIECE_BYTES);
    for (let kept = 0;;) {
      const length = readSync(descriptor, buffer, kept, buffer.length - kept, null);
      if (length === 0) return;
      const read = findInodes(buffer.subarray(0, kept + length), ports, inodes);
      buffer.copyWithin(0, read, kept + length);
      kept += length - read;
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Finds in the whole lines of a table the inodes of sockets that lead to these ports: "0: 0100007F:A7A1 0200007F:0050 01 …",
 * five more columns, the inode. One without an inode belongs to no process any more. Says how much was whole lines.
 */
export function findInodes(table: Uint8Array, ports: ReadonlySet<number>, inodes: Set<number>): number {
  let start = 0;
  for (let end = table.indexOf(LINE_END); end !== -1; end = table.indexOf(LINE_END, start)) {
    let at = start - 1;
    for (let colons = 0; colons < 3 && at < end; colons++) at = endOf(table.indexOf(COLON, at + 1), end);
    if (at < end && ports.has(numberAt(table, at + 1, 16))) {
      for (let columns = 0; columns < 7; columns++) at = nextColumn(table, at);
      const inode = numberAt(table, at, 10);
      if (inode !== 0) inodes.add(inode);
    }
    start = end + 1;
  }
  return start;
}

function endOf(found: number, end: number): number {
  return found === -1 ? end : found;
}

function nextColumn(table: Uint8Array, from: number): number {
  let at = table.indexOf(SPACE, from);
  while (table[at] === SPACE) at += 1;
  return at;
}

/** The kernel's digits are capitals. */
function numberAt(table: Uint8Array, from: number, base: 10 | 16): number {
  let number = 0;
  for (let at = from;; at++) {
    const byte = table[at]!;
    const digit = byte >= 0x41 ? byte - 0x37 : byte - 0x30;
    if (!(digit >= 0 && digit < base)) return number;
    number = number * base + digit;
  }
}

/** How many of these sockets are this process's. */
function ownOf(inodes: ReadonlySet<number>): number {
  const own = new Set<number>();
  for (const descriptor of readdirSync(DESCRIPTORS)) {
    const link = linkOf(descriptor);
    const inode = link.startsWith(SOCKET) ? Number(link.slice(SOCKET.length, -1)) : 0;
    if (inodes.has(inode)) own.add(inode);
  }
  return own.size;
}

/** That of the listing itself is closed by now. */
function linkOf(descriptor: string): string {
  try {
    return readlinkSync(`${DESCRIPTORS}/${descriptor}`);
  } catch {
    return "";
  }
}
