// What a run is held to, in a line: a metric, an operator and a value with its unit, such as "p99 < 200ms".

import { type ClockName, CLOCKS } from "../../record/clocks.ts";
import { UsageError } from "../usage_error.ts";
import { STATUS_CLASS } from "./expect.ts";
import { nearest } from "./suggest.ts";

/** What a bound and the value that it is compared with are counted in. */
export type ThresholdUnit = "us" | "bytes" | "count" | "percent";

export type Operator = ">" | ">=" | "<" | "<=" | "==";

/** One rule. */
export interface Threshold {
  /** As it was written. */
  readonly expression: string;
  /** Whether the run fails if the expression does not hold, or if it does. */
  readonly kind: "mustHold" | "failIf";
  /** The run ends at the first second after which it fails. */
  readonly abort: boolean;
  /** A latency's with its clock in front: "response.p99". */
  readonly metric: string;
  /** The request that it is about, by name; undefined: all of them. */
  readonly request?: string | undefined;
  readonly operator: Operator;
  readonly bound: number;
  readonly unit: ThresholdUnit;
}

/** The latencies that a rule may be about; one without a name is `response`. */
export const THRESHOLD_CLOCKS: readonly ClockName[] = CLOCKS.filter((clock) => clock !== "censored");

/** Figures of a latency beside its percentiles. */
const FIGURES = ["min", "mean", "max"];

/** Those that are suggested; any other is taken as well. */
const USUAL_PERCENTILES = ["p50", "p75", "p90", "p95", "p99", "p999", "p9999"];

/** p50, p99.9, or p999 for the same. */
const PERCENTILE = /^p(\d\d(?:\.\d{1,3})?)$/;
const PERCENTILE_WITHOUT_POINT = /^p99(\d{1,3})$/;

/** Every metric but latencies, with what it may be counted in. */
const COUNTED: Readonly<Record<string, readonly ThresholdUnit[]>> = {
  "errors": ["count", "percent"],
  "failed": ["count", "percent"],
  "rps.achieved": ["count", "percent"],
  "connections.live.end": ["count"],
  "connections.live.peak": ["count"],
  "connections.dialed": ["count"],
  "connections.slope": ["count"],
  "rss.slope": ["bytes"],
  "rss.end": ["bytes"],
  "rss.peak": ["bytes"],
  "leak.held": ["count"],
  "leak.heldPerRequest": ["count"],
};

/** Answers with a code, or with one of a class. */
const STATUS = /^status\.(.*)$/;
const STATUS_CODE = /^[1-5]\d\d$/;

const UNITS: Readonly<Record<string, readonly [unit: ThresholdUnit, size: number]>> = {
  "": ["count", 1],
  "%": ["percent", 1],
  "µs": ["us", 1], // the micro sign …
  "μs": ["us", 1], // … and the Greek letter
  us: ["us", 1],
  ms: ["us", 1000],
  s: ["us", 1_000_000],
  B: ["bytes", 1],
  KB: ["bytes", 1000],
  MB: ["bytes", 1_000_000],
  KiB: ["bytes", 1024],
  MiB: ["bytes", 1024 * 1024],
};

/** A request's name may have braces of its own: it ends at the last one. */
const FORM = /^\s*([a-z][\w.]*)\s*(?:\{(.*)\})?\s*(>=|<=|==|>|<)\s*(\d+(?:\.\d+)?)\s*([^\s\d]*)\s*$/is;

/** A rule, or why the text is not one. */
type Reading = Pick<Threshold, "metric" | "request" | "operator" | "bound" | "unit"> | string;

/** What is wrong with an expression, to stand behind its field's name; undefined if nothing is. */
export function problemOfThreshold(text: string): string | undefined {
  const reading = read(text);
  return typeof reading === "string" ? reading : undefined;
}

/**
 * Reads a rule such as "p99 < 200ms", "service.p99.9 < 1s", "errors < 1%" or "rss.end < 512MiB". Bounds come out in µs,
 * bytes, percent or a count, as `unit` says. `field` names it in errors; `kind` and `abort` say what follows from it.
 *
 * Throws a `UsageError` that names `field` and what was expected.
 */
export function parseThreshold(
  text: string,
  { field = "threshold", kind = "mustHold", abort = false }:
    & Partial<Pick<Threshold, "kind" | "abort">>
    & { readonly field?: string } = {},
): Threshold {
  const reading = read(text);
  if (typeof reading === "string") throw new UsageError(field, reading);
  return { expression: text.trim(), kind, abort, ...reading };
}

/** The number behind a percentile's name: 99.9 for p99.9 and p999; undefined for any other name. */
export function percentileOf(name: string): number | undefined {
  const digits = PERCENTILE.exec(name)?.[1];
  if (digits !== undefined) return Number(digits);
  const decimals = PERCENTILE_WITHOUT_POINT.exec(name)?.[1];
  return decimals === undefined ? undefined : Number(`99.${decimals}`);
}

function read(text: string): Reading {
  const match = FORM.exec(text);
  if (match === null) return expected('a metric, one of > >= < <= ==, and a value, such as "p99 > 200ms"', text);
  const [, name, braced, operator, amount, unitName] = match as unknown as [
    string,
    string,
    string | undefined,
    Operator,
    string,
    string,
  ];
  const metric = metricNamed(name);
  if (metric === undefined) return unknownMetric(name);
  const request = braced?.trim();
  if (request === "") return expected("a request's name in the braces, such as p99{search}", text);
  if (request !== undefined && !isToldByRequest(metric.name)) {
    return `${name} is not told by request, expected a figure of response such as p99, errors, status.5xx or leak.held before {${request}}`;
  }
  const [unit, size] = Object.hasOwn(UNITS, unitName) ? UNITS[unitName]! : [undefined, 1];
  if (unit === undefined || !metric.units.includes(unit)) return expected(expectedUnit(name, metric.units), text);
  const about = request === undefined ? {} : { request };
  return { metric: metric.name, ...about, operator, bound: Number(amount) * size, unit };
}

function isToldByRequest(metric: string): boolean {
  return /^(?:response|status|leak)\.|^(?:errors|failed)$/.test(metric);
}

function metricNamed(name: string): { readonly name: string; readonly units: readonly ThresholdUnit[] } | undefined {
  if (Object.hasOwn(COUNTED, name)) return { name, units: COUNTED[name]! };
  const status = STATUS.exec(name)?.[1];
  if (status !== undefined) {
    return STATUS_CODE.test(status) || STATUS_CLASS.test(status) ? { name, units: ["count", "percent"] } : undefined;
  }
  const clock = THRESHOLD_CLOCKS.find((clock) => name.startsWith(`${clock}.`)) ?? "";
  const figure = clock === "" ? name : name.slice(clock.length + 1);
  if (!FIGURES.includes(figure) && percentileOf(figure) === undefined) return undefined;
  return { name: `${clock === "" ? "response" : clock}.${figure}`, units: ["us"] };
}

function unknownMetric(name: string): string {
  const status = STATUS.exec(name)?.[1];
  if (status !== undefined) {
    return `unknown status "${status}", expected a code from 100 to 599 or a class, such as status.404 or status.5xx`;
  }
  const figures = [...USUAL_PERCENTILES, ...FIGURES];
  const clocked = THRESHOLD_CLOCKS.flatMap((clock) => figures.map((figure) => `${clock}.${figure}`));
  const all = [...figures, ...Object.keys(COUNTED), "status.5xx", ...clocked];
  const meant = all.find((metric) => metric.startsWith(`${name}.`)) ?? nearest(name, all);
  const known = [
    ...figures,
    ...THRESHOLD_CLOCKS.slice(1).map((clock) => `${clock}.p99`),
    ...Object.keys(COUNTED),
    "status.5xx",
  ];
  return `unknown metric "${name}", ${
    meant === undefined ? `expected one of ${known.join(", ")}` : `did you mean ${meant}?`
  }`;
}

function expectedUnit(name: string, units: readonly ThresholdUnit[]): string {
  if (units.includes("us")) return `a time in µs, us, ms or s for ${name}, such as 200ms`;
  if (units.includes("bytes")) return `a size in B, KB, MB, KiB or MiB for ${name}, such as 16KiB`;
  if (units.includes("percent")) return `a number or a share in % for ${name}`;
  return `a number without a unit for ${name}`;
}

function expected(what: string, got: string): string {
  return UsageError.expected("", what, got).problem;
}
