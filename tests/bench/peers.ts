// The clients that are compared: how each is found, called and read.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { findOnPath, findRuntime, packageRoot, type RuntimeName, RUNTIMES, selfCommand } from "../../cli/runtimes.ts";
import type { BenchCase } from "./bench_case.ts";

export interface Peer {
  readonly name: string;
  /** The command for a case; undefined: it cannot do that. */
  command(bench: BenchCase, url: string, seconds: number): readonly string[] | undefined;
  /** Requests per second, from what it printed. */
  rps(stdout: string): number;
}

/** A program that may be on PATH. */
interface Program extends Peer {
  /** What brings it. */
  readonly from: string;
}

/** The peer that a ratio is taken to in every case. */
export const REFERENCE = "wrk";

/** The name of the bare loop in a runtime: the limit of what it can do. */
export function bareName(runtime: RuntimeName): string {
  return `bare sockets, ${runtime}`;
}

/** The name of loadgen in a runtime. */
export function loadgenName(runtime: RuntimeName): string {
  return `loadgen, ${runtime}`;
}

const require = createRequire(import.meta.url);

function numberAfter(pattern: RegExp): (stdout: string) => number {
  return (stdout) => Number(pattern.exec(stdout)?.[1] ?? NaN);
}

const PROGRAMS: readonly Program[] = [
  {
    name: "wrk",
    from: "Debian: wrk",
    command: ({ connections, keepAlive }, url, seconds) => [
      ...["wrk", "-t1", `-c${connections}`, `-d${seconds}s`, url],
      ...(keepAlive ? [] : ["-H", "Connection: close"]),
    ],
    rps: numberAfter(/Requests\/sec:\s*([\d.]+)/),
  },
  {
    name: "h2load",
    from: "Debian: nghttp2-client",
    command: ({ connections, keepAlive }, url, seconds) =>
      keepAlive ? ["h2load", "--h1", "-t1", `-c${connections}`, "-D", String(seconds), url] : undefined,
    rps: numberAfter(/finished in [^,]+, ([\d.]+) req\/s/),
  },
  {
    name: "ab",
    from: "Debian: apache2-utils",
    command: ({ connections, keepAlive, path }, url, seconds) =>
      path.startsWith("/chunked/") ? undefined : [ // it speaks HTTP/1.0
        ...["ab", "-q", "-t", String(seconds), "-n", "100000000", "-c", String(connections)],
        ...(keepAlive ? ["-k", url] : [url]),
      ],
    rps: numberAfter(/Requests per second:\s*([\d.]+)/),
  },
  {
    name: "hey",
    from: "Debian: hey",
    command: ({ connections, keepAlive }, url, seconds) => [
      ...["hey", "-cpus", "1", "-z", `${seconds}s`, "-c", String(connections)],
      ...(keepAlive ? [url] : ["-disable-keepalive", url]),
    ],
    rps: numberAfter(/Requests\/sec:\s*([\d.]+)/),
  },
];

/** Those that are here, and what would bring those that are not. `goLoop`: the Go peer's binary, where it could be built. */
export function findPeers(goLoop: string | undefined): { peers: readonly Peer[]; missing: readonly string[] } {
  const missing: string[] = [];
  const peers: Peer[] = [];
  for (const runtime of RUNTIMES) {
    const executable = findRuntime(runtime);
    if (executable === undefined) missing.push(runtime);
    else peers.push(loadgen(runtime, executable), bareLoop(runtime, executable));
  }
  for (const program of PROGRAMS) {
    if (findOnPath(program.name) === undefined) missing.push(`${program.name} (${program.from})`);
    else peers.push(program);
  }
  peers.push(autocannon(), loop("undici", process.execPath, "undici_loop"));
  if (goLoop === undefined) missing.push("Go net/http (Debian: golang-go)");
  else peers.push({ name: "Go net/http", command: loopCommand([goLoop]), rps: Number });
  return { peers, missing };
}

function loadgen(runtime: RuntimeName, executable: string): Peer {
  return {
    name: loadgenName(runtime),
    command: ({ connections, keepAlive }, url, seconds) =>
      selfCommand(runtime, executable, [
        ...["--url", url, "-c", String(connections), "-d", `${seconds}s`, "--json"],
        ...(keepAlive ? [] : ["--disable-keepalive"]),
      ]),
    rps: (stdout) => (JSON.parse(stdout) as { rps: { achieved: number } }).rps.achieved,
  };
}

function bareLoop(runtime: RuntimeName, executable: string): Peer {
  const { command, ...rest } = loop(bareName(runtime), executable, "bare_loop", runtime);
  return { ...rest, command: (bench, url, seconds) => bench.keepAlive ? command(bench, url, seconds) : undefined };
}

/** A script of this folder that prints its requests per second. */
function loop(name: string, executable: string, script: string, runtime: RuntimeName = "node"): Peer {
  const path = runtime === "node"
    ? join(packageRoot, "dist", "tests", "bench", `${script}.js`)
    : join(packageRoot, "tests", "bench", `${script}.ts`);
  const words = runtime === "deno" ? [executable, "run", "-A", "--no-check", "--quiet", path] : [executable, path];
  return { name, command: loopCommand(words), rps: Number };
}

/** Arguments: URL, connections, seconds, "keep" or "close". */
function loopCommand(words: readonly string[]): Peer["command"] {
  return ({ connections, keepAlive }, url, seconds) => [
    ...words,
    url,
    String(connections),
    String(seconds),
    keepAlive ? "keep" : "close",
  ];
}

function autocannon(): Peer {
  const script = join(dirname(require.resolve("autocannon/package.json")), "autocannon.js");
  return {
    name: "autocannon",
    command: ({ connections, keepAlive }, url, seconds) => [
      ...[process.execPath, script, "-j", "-n", "-c", String(connections), "-d", String(seconds)],
      ...(keepAlive ? [url] : ["-H", "Connection=close", url]),
    ],
    rps: (stdout) => {
      const result = JSON.parse(stdout) as { "2xx": number; duration: number };
      return result["2xx"] / result.duration;
    },
  };
}
