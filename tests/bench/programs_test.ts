import assert from "node:assert/strict";
import test from "node:test";
import type { Task } from "./bench_case.ts";
import { benchCases, chooseCases, FIRST, heldConnections } from "./cases.ts";
import type { Peer } from "./peer.ts";
import { takesPart } from "./peers.ts";
import { PROGRAMS } from "./programs.ts";
import { autocannonPeer, loadgenPeer } from "./scripts.ts";

/** What each printed, cut to what is read and what could be mistaken for it. */
const PRINTED: Readonly<Record<string, readonly [stdout: string, rps: number]>> = {
  wrk: ["  137781 requests in 1.10s, 20.24MB read\nRequests/sec: 125258.19\nTransfer/sec:     18.40MB\n", 125258.19],
  h2load: [
    "\nfinished in 1.00s, 59889.00 req/s, 8.80MB/s\nreq/s           :   14939.61    14998.52    14966.92\n",
    59889,
  ],
  ab: ["Requests per second:    129299.63 [#/sec] (mean)\nTime per request:       0.031 [ms] (mean)\n", 129299.63],
  hey: ["  Total:\t1.0003 secs\n  Requests/sec:\t42412.2423\n", 42412.2423],
  oha: ['{"summary":{"successRate":1.0,"total":1.0,"slowest":0.004,"requestsPerSec":51234.5}}', 51234.5],
  bombardier: ['{"spec":{},"result":{"timeTakenSeconds":2,"req1xx":0,"req2xx":83786,"rps":{"mean":1}}}', 41893],
  vegeta: ['{"requests":27335,"rate":27346.4,"throughput":27345.2,"success":1}', 27345.2],
  k6: ["RATE 12345.6\n", 12345.6],
};

const CLOSED: Task = {
  name: "",
  path: "/12",
  url: "http://127.0.0.1:1/12",
  tls: false,
  connections: 64,
  keepAlive: true,
  load: { kind: "closed", pipelining: 1 },
  seconds: 2,
  workers: 1,
};

function program(name: string): Peer {
  return PROGRAMS.find((one) => one.name === name)!;
}

function words(name: string, task: Partial<Task>): string {
  return program(name).command({ ...CLOSED, ...task })?.join(" ") ?? "cannot";
}

test("bench: each program's rate is read from what it prints", () => {
  for (const [name, [stdout, rps]] of Object.entries(PRINTED)) assert.equal(program(name).read(stdout).rps, rps, name);
});

test("bench: a program that printed no rate told none", () => {
  assert.equal(program("wrk").read("unable to connect").rps, NaN);
});

test("bench: loadgen's lag is read where it was asked for a rate", () => {
  const { read } = loadgenPeer("node", "node", "/here");
  const result = (target: number | null, failed: number) =>
    JSON.stringify({ rps: { target, achieved: 999.5 }, latencyUs: { lag: { p50: 8, p99: 41 } }, requests: { failed } });
  assert.deepEqual(read(result(1000, 0)), { rps: 999.5, lagUs: { p50: 8, p99: 41 } });
  assert.deepEqual(read(result(null, 0)), { rps: 999.5 });
  assert.throws(() => read(result(1000, 3)), /3 requests failed/);
});

test("bench: autocannon's rate is of the answers that were good", () => {
  assert.equal(autocannonPeer().read('{"2xx":57000,"non2xx":5,"duration":2}').rps, 28500);
});

test("bench: who cannot do a task has no command for it", () => {
  assert.equal(words("ab", { path: "/chunked/12" }), "cannot");
  assert.equal(words("h2load", { keepAlive: false }), "cannot");
  assert.equal(words("hey", { workers: 2 }), "cannot");
  assert.equal(words("wrk", { load: { kind: "open", rps: 1000 } }), "cannot");
  assert.equal(words("bombardier", { load: { kind: "closed", pipelining: 16 } }), "cannot");
});

test("bench: a rate is in all, also where the program wants it for each connection", () => {
  const load = { kind: "open", rps: 1600 } as const;
  assert.match(words("hey", { load }), / -c 64 -q 25 /);
  assert.match(words("vegeta", { load }), /-rate=1600 /);
  assert.match(words("wrk2", { load }), /-R1600 /);
});

test("bench: wrk pipelines by its script", () => {
  assert.match(words("wrk", { load: { kind: "closed", pipelining: 16 } }), /wrk_pipeline\.lua \S+\/12 -- 16$/);
});

test("bench: a case names whom it wants, and wrk is not wrk2", () => {
  const cases = benchCases(20_000);
  const of = (name: string) => cases.find((one) => one.name === name)!;
  const core = of("1 connection, 12 B");
  const names = ["loadgen, bun", "loadgen, node", "bare sockets, deno", "wrk", "wrk2", "hey"];
  const here = (bench: typeof core) => names.filter((name) => takesPart(bench, { ...program("wrk"), name }));
  assert.deepEqual(here(core), ["loadgen, bun", "loadgen, node", "bare sockets, deno", "wrk"]);
  assert.deepEqual(here(of(FIRST)), names);
});

test("bench: what is held leaves room below the limit of open files", () => {
  assert.deepEqual([1_000_000, 20_000, 4096].map(heldConnections), [10_000, 10_000, 3000]);
});

test("bench: a whole name chooses its case alone, a part of one all that have it", () => {
  const cases = benchCases(20_000);
  const names = (...texts: string[]) => chooseCases(cases, texts).map(({ name }) => name);
  assert.deepEqual(names("64 connections, 100 KiB"), ["64 connections, 100 KiB"]);
  assert.deepEqual(names("100 KiB"), ["64 connections, 100 KiB", "64 connections, 100 KiB chunked"]);
  assert.equal(names().length, cases.length);
});
