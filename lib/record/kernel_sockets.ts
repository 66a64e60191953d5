// What the kernel knows of this process's TCP sockets, on Linux: its tables of all sockets, joined by inode with the links
// in /proc/self/fd. Tables are read in pieces, as they may be large and memory is being measured. The cost is in README.md:
// not for while a load sends.

import { closeSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { decodeLatin1 } from "../core/bytes.ts";

const TABLES = ["/proc/self/net/tcp", "/proc/self/net/tcp6"] as const;
const DESCRIPTORS = "/proc/self/fd";

const PIECE_BYTES = 64 * 1024;

/**
 * How many TCP sockets of this process lead to one of these ports, connecting ones included, whatever their address.
 * Undefined where the system does not tell.
 */
export function socketsTo(ports: ReadonlySet<number>): number | undefined {
  const inodes = new Set<string>();
  try {
    const find = finderOf(ports);
    for (const path of TABLES) for (const piece of piecesOf(path)) find(piece, inodes);
    return inodes.size === 0 ? 0 : ownOf(inodes);
  } catch {
    return undefined;
  }
}

/**
 * Finds in whole lines of a table the inodes of sockets that lead to these ports: "0: 0100007F:A7A1 0200007F:0050 01 …",
 * five more columns, the inode. One without an inode belongs to no process any more.
 */
export function finderOf(ports: ReadonlySet<number>): (lines: string, inodes: Set<string>) => void {
  const wanted = [...ports].map((port) => port.toString(16).toUpperCase().padStart(4, "0")).join("|");
  const line = new RegExp(
    `^ *\\d+: [\\dA-F]+:[\\dA-F]{4} [\\dA-F]+:(?:${wanted}) [\\dA-F]{2} (?:\\S+ +){5}(\\d+)`,
    "gm",
  );
  return (lines, inodes) => {
    for (const [, inode] of lines.matchAll(line)) if (inode !== "0") inodes.add(inode!);
  };
}

/** Whole lines, some at a time. A system may be without IPv6, but not without IPv4. */
function* piecesOf(path: string): Generator<string, void> {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    if (path === TABLES[0]) throw error;
    return;
  }
  try {
    const buffer = new Uint8Array(PIECE_BYTES);
    let rest = "";
    for (;;) {
      const length = readSync(descriptor, buffer, 0, buffer.length, null);
      if (length === 0) break;
      const text = rest + decodeLatin1(buffer.subarray(0, length));
      const end = text.lastIndexOf("\n") + 1;
      yield text.slice(0, end);
      rest = text.slice(end);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** How many of these sockets are this process's. */
function ownOf(inodes: ReadonlySet<string>): number {
  const own = new Set<string>();
  for (const descriptor of readdirSync(DESCRIPTORS)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(descriptor))?.[1];
    if (inode !== undefined && inodes.has(inode)) own.add(inode);
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
