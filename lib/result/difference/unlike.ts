// In what two runs differ before they begin, and which figures cannot be compared for it. What a team may want to compare
// (runtimes, clients, limits, body policies, targets) is only said; another load makes other latencies, other requests
// make another everything.

import { formatSeconds } from "../../core/units.ts";
import type { Concern, Unlike } from "../baseline_schema.ts";
import type { Result } from "../result.ts";

/** A plan as a result has it: of any version. */
type StoredPlan = Result["plan"];

const ALL: readonly Concern[] = ["latency", "rate", "errors", "memory", "connections"];
const OF_LOAD: readonly Concern[] = ["latency", "rate", "memory", "connections"];
const OF_LENGTH: readonly Concern[] = ["memory", "connections"];

interface Field {
  readonly name: string;
  readonly spoils: readonly Concern[];
  readonly read: (plan: StoredPlan) => unknown;
  readonly words?: (value: unknown) => string;
}

const FIELDS: readonly Field[] = [
  ofRequests("url", ALL, (url) => pathOf(String(url))),
  ofRequests("method", ALL),
  ofRequests("body", ALL),
  ofRequests("weight", ALL),
  { name: "flow", spoils: ALL, read: (plan) => plan["flow"] },
  ...["rps", "stages", "arrivals", "timestamps", "connections", "pipeline"].map((name) => ofLoad(name, OF_LOAD)),
  { ...ofLoad("thinkTimeMs", OF_LOAD), name: "load.thinkTime", words: inSeconds },
  { ...ofLoad("durationMs", OF_LENGTH), name: "load.duration", words: inSeconds },
  ofLoad("requests", OF_LENGTH),
  ofLoad("workers", ["memory"]),
  ofRequests("timeoutMs", ["errors"]),
  ofRequests("expect", ["errors"]),
  ofRequests("bodyPolicy", []),
  ofLoad("client", []),
  ofLoad("pacing", []),
  { ...ofLoad("warmupMs", []), name: "load.warmup", words: inSeconds },
  ...["transport", "tls", "target"].map((name) => ({ name, spoils: [], read: (plan: StoredPlan) => plan[name] })),
];

/** The field of a run's runtime, which is no part of its plan. */
export const RUNTIME_FIELD = "runtime";

/** What differs in the runtimes, versions included, and in the plans. */
export function unlikeRuns(a: Result, b: Result): Unlike[] {
  const [one, other] = [a, b].map(({ runtime }) => `${runtime.name} ${runtime.version}`) as [string, string];
  const runtime: Unlike[] = one === other ? [] : [{ field: RUNTIME_FIELD, a: one, b: other, spoils: [] }];
  return [...runtime, ...unlikePlans(a.plan, b.plan)];
}

/** What differs in the plans, in the fields' order; `a` is the baseline's. What one of the plans does not tell is taken to be the same. */
export function unlikePlans(a: StoredPlan, b: StoredPlan): Unlike[] {
  if (!("requests" in a && "load" in a && "requests" in b && "load" in b)) return [];
  return FIELDS.flatMap(({ name, spoils, read, words = inWords }) => {
    const [one, other] = [read(a), read(b)];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    if (!isRecord(one) || !isRecord(other)) {
      return [{ field: name, a: words(one), b: words(other), spoils: [...spoils] }];
    }
    const inner = firstUnlike(one, other);
    return [{ field: `${name}.${inner}`, a: words(one[inner]), b: words(other[inner]), spoils: [...spoils] }];
  });
}

/** What cannot be compared for any of them. */
export function spoiledBy(unlike: readonly Unlike[]): Set<Concern> {
  return new Set(unlike.flatMap(({ spoils }) => spoils));
}

/** The first field for which nothing can be compared. */
export function spoilsAll(unlike: readonly Unlike[]): Unlike | undefined {
  return unlike.find(({ spoils }) => spoils.length === ALL.length);
}

function ofLoad(name: string, spoils: readonly Concern[]): Field {
  return {
    name: `load.${name}`,
    spoils,
    read: (plan) => {
      const load = plan["load"] as Record<string, unknown>;
      const open = ["rps", "stages", "timestamps"].some((field) => load[field] !== undefined);
      return name === "connections" && open ? undefined : load[name]; // an open loop does not use them
    },
  };
}

/** A field of each request. */
function ofRequests(
  name: string,
  spoils: readonly Concern[],
  read: (value: unknown) => unknown = (value) => value,
): Field {
  return {
    name: `request.${name.replace(/Ms$/, "")}`,
    spoils,
    read: (plan) => {
      const all = (plan["requests"] as Record<string, unknown>[]).map((request) => read(request[name]));
      return all.length === 1 ? all[0] : all;
    },
    ...(name === "timeoutMs" && { words: inSeconds }),
  };
}

/** Where a service stands is no part of what is asked of it. */
function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/?#]*/i, "") || "/";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The name of a field that differs: one does. */
function firstUnlike(a: Record<string, unknown>, b: Record<string, unknown>): string {
  return Object.keys({ ...a, ...b }).find((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key])) ?? "";
}

function inSeconds(value: unknown): string {
  return typeof value === "number" ? formatSeconds(value / 1000) : inWords(value);
}

function inWords(value: unknown): string {
  if (value === undefined) return "none";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
