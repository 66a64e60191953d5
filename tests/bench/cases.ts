// What is measured, in this order.

import type { BenchCase } from "./bench_case.ts";

const CORE = ["bare sockets", "wrk", "Go net/http"];

const CLOSED: BenchCase = {
  name: "",
  path: "/12",
  tls: false,
  connections: 64,
  keepAlive: true,
  load: { kind: "closed", pipelining: 1 },
  workers: [1],
  beside: CORE,
};

/** 10,000, or what the limit of open files leaves. */
export function heldConnections(descriptorLimit: number): number {
  return Math.max(1000, Math.min(10_000, Math.floor((descriptorLimit - 200) / 1000) * 1000));
}

/** The case that the short form runs. */
export const FIRST = "64 connections, 12 B";

export function benchCases(descriptorLimit: number): readonly BenchCase[] {
  const held = heldConnections(descriptorLimit);
  const closed = (name: string, rest: Partial<BenchCase>): BenchCase => ({ ...CLOSED, name, ...rest });
  const open = (rps: number): BenchCase =>
    closed(`${rps.toLocaleString("en")} requests/s asked for`, {
      load: { kind: "open", rps },
      beside: ["wrk2", "autocannon", "h2load", "hey", "oha", "bombardier", "vegeta", "k6"],
    });
  return [
    closed(FIRST, { beside: undefined }),
    closed("1 connection, 12 B", { connections: 1 }),
    closed("1,000 connections, 12 B", { connections: 1000 }),
    closed("64 connections, 12 B chunked", { path: "/chunked/12" }),
    closed("64 connections, 1 KiB", { path: "/1024" }),
    closed("64 connections, 1 KiB chunked", { path: "/chunked/1024" }),
    closed("64 connections, 100 KiB", { path: "/102400" }),
    closed("64 connections, 100 KiB chunked", { path: "/chunked/102400" }),
    closed("16 connections, 10 MiB", { path: "/10485760", connections: 16 }),
    closed("16 connections, 10 MiB chunked", { path: "/chunked/10485760", connections: 16 }),
    closed("a connection per request, 64 at once", { keepAlive: false }),
    closed(`${held.toLocaleString("en")} connections held`, { path: "/12", load: { kind: "hold", held } }),
    closed("TLS, 64 connections, 12 B", { tls: true, beside: [...CORE, "h2load"] }),
    closed("pipelining 16, 64 connections, 12 B", {
      load: { kind: "closed", pipelining: 16 },
      beside: ["bare sockets", "wrk", "h2load", "autocannon"],
    }),
    open(1000),
    open(10_000),
    open(50_000),
    closed("1 and 2 workers, 64 KiB in chunks of 16 B", {
      path: "/chunked/65536/16",
      workers: [1, 2],
      beside: ["wrk"],
    }),
  ];
}

/** Those that any of the texts chooses: a whole name that case alone, a part every case with it; all without a text. */
export function chooseCases(cases: readonly BenchCase[], texts: readonly string[]): readonly BenchCase[] {
  const whole = new Set(cases.map(({ name }) => name));
  const chosen = ({ name }: BenchCase) => texts.some((text) => whole.has(text) ? name === text : name.includes(text));
  return texts.length === 0 ? cases : cases.filter(chosen);
}
