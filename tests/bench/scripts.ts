// The peers that come with the repository: loadgen itself, loops on bare sockets, npm's clients, and Go's.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { packageRoot, type RuntimeName } from "../../cli/process/runtimes.ts";
import type { Task } from "./bench_case.ts";
import type { Peer, Reading } from "./peer.ts";

/** The name of loadgen in a runtime. */
export function loadgenName(runtime: RuntimeName): string {
  return `loadgen, ${runtime}`;
}

/** The name of the bare loop in a runtime: the limit of what it can do. */
export function bareName(runtime: RuntimeName): string {
  return `bare sockets, ${runtime}`;
}

/** A file of the project under a runtime: Node runs what was built, Deno and Bun the sources. */
function runWords(runtime: RuntimeName, executable: string, root: string, module: string): string[] {
  if (runtime === "node") return [executable, join(root, "dist", `${module}.js`)];
  const source = join(root, `${module}.ts`);
  return runtime === "deno" ? [executable, "run", "-A", "--no-check", "--quiet", source] : [executable, source];
}

/** loadgen as it is in `root`, a built work tree. */
export function loadgenPeer(runtime: RuntimeName, executable: string, root: string, name = loadgenName(runtime)): Peer {
  const words = runWords(runtime, executable, root, join("cli", "main"));
  return {
    name,
    version: [executable, "--version"],
    command: (task) => [...words, task.url, ...loadgenFlags(task), "--json"],
    read: readLoadgen,
  };
}

/**
 * What is written in JavaScript runs this long before it is measured: until then its code is being compiled. A rate that
 * was asked for takes longer to get through as many requests.
 */
const WARM_SECONDS = 1;
const OPEN_WARM_SECONDS = 5;

function loadgenFlags({ load, connections, keepAlive, tls, workers, seconds }: Task): string[] {
  const flags = keepAlive ? [] : ["--disable-keepalive"];
  if (load.kind !== "hold") flags.push("--warmup", `${load.kind === "open" ? OPEN_WARM_SECONDS : WARM_SECONDS}s`);
  if (tls) flags.push("-k");
  if (workers > 1) flags.push("-w", String(workers));
  switch (load.kind) {
    case "closed":
      if (load.pipelining > 1) flags.push("--pipeline", String(load.pipelining));
      return [...flags, "-c", String(connections), "-d", `${seconds}s`];
    case "open":
      return [...flags, "-c", String(connections), "-d", `${seconds}s`, "-r", String(load.rps)];
    case "hold":
      return [...flags, "-c", String(connections), "-d", "60s", "--no-close", "-n", String(load.held)];
  }
}

function readLoadgen(stdout: string): Reading {
  const { rps, latencyUs, requests } = JSON.parse(stdout) as {
    rps: { target: number | null; achieved: number };
    latencyUs: { lag: { p50: number; p99: number } };
    requests: { failed: number };
  };
  if (requests.failed > 0) throw new Error(`${requests.failed} requests failed`);
  const { p50, p99 } = latencyUs.lag;
  return rps.target === null ? { rps: rps.achieved } : { rps: rps.achieved, lagUs: { p50, p99 } };
}

/** A loop that prints requests per second. Its arguments: URL, connections, seconds, keep|close|hold, how many at once, seconds to warm up. */
function loopPeer(
  name: string,
  version: Peer["version"],
  words: readonly string[],
  can: (task: Task) => boolean,
): Peer {
  return {
    name,
    version,
    command: (task) => task.workers === 1 && can(task) ? [...words, ...loopArguments(task)] : undefined,
    read: (stdout) => ({ rps: Number(stdout.trim() === "" ? NaN : stdout) }),
  };
}

function loopArguments({ load, keepAlive, url, connections, seconds }: Task): string[] {
  const mode = load.kind === "hold" ? "hold" : keepAlive ? "keep" : "close";
  const several = load.kind === "hold" ? load.held : load.kind === "closed" ? load.pipelining : 1;
  return [url, String(connections), String(seconds), mode, String(several), String(WARM_SECONDS)];
}

const isClosed = ({ load }: Task) => load.kind === "closed" && load.pipelining === 1;

/** As little as a client can do in a runtime. */
export function barePeer(runtime: RuntimeName, executable: string): Peer {
  const words = runWords(runtime, executable, packageRoot, join("tests", "bench", "bare_loop"));
  return loopPeer(bareName(runtime), [executable, "--version"], words, ({ load }) => load.kind !== "open");
}

/** Go's net/http, compiled. */
export function goPeer(binary: string): Peer {
  return loopPeer("Go net/http", ["go", "version"], [binary], (task) => isClosed(task) || task.load.kind === "hold");
}

const require = createRequire(import.meta.url);

function npmVersion(name: string): string {
  return (require(`${name}/package.json`) as { version: string }).version;
}

export function undiciPeer(): Peer {
  const words = runWords("node", process.execPath, packageRoot, join("tests", "bench", "undici_loop"));
  return loopPeer("undici", npmVersion("undici"), words, isClosed);
}

export function autocannonPeer(): Peer {
  const script = join(dirname(require.resolve("autocannon/package.json")), "autocannon.js");
  return {
    name: "autocannon",
    version: npmVersion("autocannon"),
    command: ({ connections, keepAlive, load, workers, seconds, url }) =>
      workers > 1 || load.kind === "hold" ? undefined : [
        ...[process.execPath, script, "-j", "-n", "-c", String(connections), "-d", String(seconds)],
        ...(load.kind === "open" ? ["-R", String(load.rps)] : ["-p", String(load.pipelining)]),
        ...(keepAlive ? [url] : ["-H", "Connection=close", url]),
      ],
    read: (stdout) => {
      const result = JSON.parse(stdout) as { "2xx": number; duration: number };
      return { rps: result["2xx"] / result.duration };
    },
  };
}
