// What loadgen's transport does and a runtime's `fetch` cannot be asked for, or not on every runtime: each is refused by
// its field, lest it is ignored.

import type { RequestPlan } from "../plan.ts";
import type { Scenario } from "../scenario.ts";
import { UsageError } from "../usage_error.ts";
import { rateFieldOf } from "./resolve_load.ts";

/** Fields of a request that the connection needs, and that fetch writes itself: it refuses ours, or ignores them. */
const OWN_HEADERS = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Methods that fetch has no way to send (Fetch Standard, "forbidden method"). */
const FORBIDDEN_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);

/** Those that it sends in capitals, or in some runtimes only. */
const CAPITALS = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);

/** Throws a `UsageError` that names the first field that the runtime's fetch does not heed. */
export function refuseBeyondFetch(scenario: Scenario, requests: readonly RequestPlan[]): void {
  const { load = {}, transport = {}, tls = {} } = scenario;
  if (load.pipeline !== undefined && load.pipeline > 1) throw beyond("load.pipeline", "a fetch pipelines nothing");
  if (load.connections !== undefined && rateFieldOf(load) !== undefined) {
    throw beyond("load.connections", "how many connections a fetch takes is the runtime's choice");
  }
  for (const [section, fields] of [["transport", transport], ["tls", tls]] as const) {
    const asked = Object.entries(fields).find(([name, value]) => value !== undefined && !isAsUsual(name, value));
    if (asked !== undefined) throw beyond(`${section}.${asked[0]}`, WHY[section]);
  }
  for (const request of requests) refuseRequest(request);
}

/** What any fetch does without being asked. */
function isAsUsual(name: string, value: unknown): boolean {
  return value === false && (name === "disableKeepAlives" || name === "insecure");
}

const WHY = {
  transport: "a fetch's connections are the runtime's",
  tls: "a fetch speaks https as its runtime does",
} as const;

function refuseRequest({ path, method, headers, body, bodyFile }: RequestPlan): void {
  if (FORBIDDEN_METHODS.has(method.toUpperCase())) throw beyond(`${path}.method`, `a fetch does not send ${method}`);
  if (method !== method.toUpperCase() && CAPITALS.has(method.toUpperCase())) {
    throw beyond(`${path}.method`, `a fetch may write ${method} in capitals`);
  }
  const given = body !== undefined ? "body" : bodyFile !== undefined ? "bodyFile" : undefined;
  if (given !== undefined && (method === "GET" || method === "HEAD")) {
    throw beyond(`${path}.${given}`, `a fetch sends none with ${method}`);
  }
  const own = headers.find(([name]) => OWN_HEADERS.has(name.toLowerCase()));
  if (own !== undefined) throw beyond(`${path}.headers.${own[0]}`, "a fetch writes that field itself");
}

function beyond(field: string, why: string): UsageError {
  return UsageError.conflict(field, { path: "load.client", value: "fetch" }, why);
}
