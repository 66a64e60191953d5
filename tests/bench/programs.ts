// The peers that may be on PATH: how each is called and read.

import { join } from "node:path";
import { packageRoot } from "../../cli/process/runtimes.ts";
import type { Task } from "./bench_case.ts";
import type { Peer, Reading } from "./peer.ts";

/** A program that may be on PATH under its own name. */
export interface Program extends Peer {
  /** What brings it. */
  readonly from: string;
  /** In its version's output: where another program has the same name, as Debian's `bombardier`, a game. */
  readonly known: RegExp;
}

const folder = join(packageRoot, "tests", "bench");

function after(pattern: RegExp): (stdout: string) => Reading {
  return (stdout) => ({ rps: Number(pattern.exec(stdout)?.[1] ?? NaN) });
}

function where(condition: boolean, ...words: readonly (string | number)[]): string[] {
  return condition ? words.map(String) : [];
}

/** The task's open rate, where it has one. */
function rateOf({ load }: Task): number | undefined {
  return load.kind === "open" ? load.rps : undefined;
}

function isPlain({ load, workers }: Task): boolean {
  return load.kind === "closed" && load.pipelining === 1 && workers === 1;
}

/** Without pipelining and workers, but at a rate too. */
function isSimple(task: Task): boolean {
  return isPlain(task) || task.load.kind === "open";
}

export const PROGRAMS: readonly Program[] = [
  {
    name: "wrk",
    from: "Debian: wrk",
    version: ["wrk", "-v"],
    known: /wrk/,
    command: ({ connections, keepAlive, load, workers, seconds, url }) =>
      load.kind !== "closed" ? undefined : [
        ...["wrk", `-t${workers}`, `-c${connections}`, `-d${seconds}s`],
        ...where(!keepAlive, "-H", "Connection: close"),
        ...where(load.pipelining > 1, "-s", join(folder, "wrk_pipeline.lua")),
        url,
        ...where(load.pipelining > 1, "--", load.pipelining),
      ],
    read: after(/Requests\/sec:\s*([\d.]+)/),
  },
  {
    name: "wrk2",
    from: "wrk2, under that name",
    version: ["wrk2", "-v"],
    known: /wrk/,
    command: ({ connections, load, seconds, url }) =>
      load.kind !== "open" ? undefined : ["wrk2", "-t1", `-c${connections}`, `-d${seconds}s`, `-R${load.rps}`, url],
    read: after(/Requests\/sec:\s*([\d.]+)/),
  },
  {
    name: "h2load",
    from: "Debian: nghttp2-client",
    version: ["h2load", "--version"],
    known: /nghttp2/,
    command: ({ connections, keepAlive, load, workers, seconds, url }) =>
      !keepAlive || workers > 1 || load.kind !== "closed" ? undefined : [
        ...["h2load", "--h1", "-t1", `-c${connections}`, "-D", String(seconds)],
        ...where(load.pipelining > 1, "-m", load.pipelining),
        url,
      ],
    read: after(/finished in [^,]+, ([\d.]+) req\/s/),
  },
  {
    name: "ab",
    from: "Debian: apache2-utils",
    version: ["ab", "-V"],
    known: /ApacheBench/,
    command: (task) =>
      !isPlain(task) || task.path.startsWith("/chunked/") ? undefined : [ // it speaks HTTP/1.0
        ...["ab", "-q", "-t", String(task.seconds), "-n", "100000000", "-c", String(task.connections)],
        ...where(task.keepAlive, "-k"),
        task.url,
      ],
    read: after(/Requests per second:\s*([\d.]+)/),
  },
  {
    name: "hey",
    from: "Debian: hey",
    version: "",
    known: /hey/,
    command: (task) => {
      if (!isSimple(task)) return undefined;
      const rps = rateOf(task);
      return [
        ...["hey", "-cpus", "1", "-z", `${task.seconds}s`, "-c", String(task.connections)],
        ...where(rps !== undefined, "-q", (rps ?? 0) / task.connections), // of each of its workers
        ...where(!task.keepAlive, "-disable-keepalive"),
        task.url,
      ];
    },
    read: after(/Requests\/sec:\s*([\d.]+)/),
  },
  {
    name: "oha",
    from: "crates.io: oha",
    version: ["oha", "--version"],
    known: /oha/,
    command: (task) => {
      if (!isSimple(task)) return undefined;
      const rps = rateOf(task);
      return [
        ...["oha", "--no-tui", "--output-format", "json", "-z", `${task.seconds}s`, "-c", String(task.connections)],
        ...where(rps !== undefined, "-q", rps ?? 0),
        ...where(!task.keepAlive, "--disable-keepalive"),
        ...where(task.tls, "--insecure"),
        task.url,
      ];
    },
    read: (stdout) => ({
      rps: (JSON.parse(stdout) as { summary: { requestsPerSec: number } }).summary.requestsPerSec,
    }),
  },
  {
    name: "bombardier",
    from: "Go: github.com/codesenberg/bombardier",
    version: ["bombardier", "--version"],
    known: /bombardier version/,
    command: (task) => {
      if (!isSimple(task)) return undefined;
      const rps = rateOf(task);
      return [
        ...["bombardier", "-p", "r", "-o", "json", "-d", `${task.seconds}s`, "-c", String(task.connections)],
        ...where(rps !== undefined, "-r", rps ?? 0),
        ...where(!task.keepAlive, "-H", "Connection: close"),
        ...where(task.tls, "-k"),
        task.url,
      ];
    },
    read: (stdout) => {
      const { result } = JSON.parse(stdout) as { result: { req2xx: number; timeTakenSeconds: number } };
      return { rps: result.req2xx / result.timeTakenSeconds };
    },
  },
  {
    name: "vegeta",
    from: "Go: github.com/tsenart/vegeta/v12",
    version: ["vegeta", "-version"],
    known: /Version/,
    command: (task) => {
      if (!isSimple(task)) return undefined;
      const attack = [
        ...["vegeta", "attack", `-duration=${task.seconds}s`, `-rate=${rateOf(task) ?? 0}`],
        ...[`-max-workers=${task.connections}`, "-max-body=0", "-http2=false"],
        ...where(!task.keepAlive, "-keepalive=false"),
        ...where(task.tls, "-insecure"),
      ].join(" ");
      return ["sh", "-c", `echo GET ${task.url} | ${attack} | vegeta report -type=json`];
    },
    read: (stdout) => ({ rps: (JSON.parse(stdout) as { throughput: number }).throughput }),
  },
  {
    name: "k6",
    from: "Go: go.k6.io/k6",
    version: ["k6", "version"],
    known: /k6/,
    command: (task) => {
      if (!isSimple(task)) return undefined;
      const settings: readonly (readonly [string, string | number])[] = [
        ...[["URL", task.url], ["CONNECTIONS", task.connections], ["SECONDS", task.seconds]] as const,
        ...[["RPS", rateOf(task) ?? 0], ["CLOSE", task.keepAlive ? "" : "1"]] as const,
      ];
      return [
        ...["k6", "run", "--quiet", "--no-usage-report"],
        ...settings.flatMap(([name, value]) => ["-e", `${name}=${value}`]),
        join(folder, "k6_loop.js"),
      ];
    },
    read: after(/^RATE ([\d.]+)$/m),
  },
];
