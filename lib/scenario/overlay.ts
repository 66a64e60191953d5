// One scenario over another: a file's below, that of the flags above it.

import type { Scenario } from "./scenario.ts";
import { UsageError } from "./usage_error.ts";
import { isPath } from "./value/target_url.ts";

/** One scenario over another, field by field: if both set one, `over` wins. Headers add up by name. */
export function overlay(base: Scenario, over: Scenario): Scenario {
  const target = { ...base.target, ...over.target };
  // A fixed size from above replaces a whole range below.
  if (over.target?.bodyBytes !== undefined && over.target.bodyBytesMax === undefined) delete target.bodyBytesMax;
  const { request: _request, ...others } = over;
  return {
    ...base,
    ...others,
    ...overlayRequests(base, over),
    load: { ...overlayLoad(base.load, over.load) },
    transport: { ...base.transport, ...over.transport },
    tls: { ...base.tls, ...over.tls },
    target,
  };
}

type Request = NonNullable<Scenario["request"]>;

/**
 * A request over several changes each of them. An absolute URL over paths takes the place of what they count from, so
 * that a scenario can be aimed at another server.
 */
function overlayRequests(base: Scenario, over: Scenario): Pick<Scenario, "request" | "requests" | "baseUrl"> {
  const { url, ...rest } = over.request ?? {};
  const below = base.requests ?? [base.request ?? {}];
  if (base.requests !== undefined && url !== undefined) {
    const absolute = base.requests.findIndex((request) => request.url !== undefined && !isPath(request.url));
    if (absolute !== -1) {
      throw UsageError.conflict("request.url", `requests[${absolute}].url`, "that one is absolute already");
    }
    if (isPath(url)) throw UsageError.expected("request.url", "an absolute URL to put before the requests' paths", url);
  }
  const moves = url !== undefined && !isPath(url) &&
    below.every((request) => request.url !== undefined ? isPath(request.url) : base.requests !== undefined);
  const aimed = url === undefined || moves ? rest : { ...rest, url };
  const placed = moves ? { baseUrl: url } : {};
  if (base.requests === undefined) return { request: overlayRequest(base.request ?? {}, aimed), ...placed };
  return { requests: base.requests.map((request) => overlayRequest(request, aimed)), ...placed };
}

/** A request has one body: one from above takes the place of any below. */
const BODIES = ["body", "bodyFile", "bodyTemplate", "bodyJson"] as const;

function overlayRequest(base: Request, over: Request): Request {
  const request = { ...base, ...over };
  if (base.headers !== undefined && over.headers !== undefined) {
    request.headers = overlayHeaders(base.headers, over.headers);
  }
  if (base.expect !== undefined && over.expect !== undefined) request.expect = { ...base.expect, ...over.expect };
  const replaces = BODIES.some((name) => over[name] !== undefined);
  for (const name of BODIES) if (replaces && over[name] === undefined) delete request[name];
  return request;
}

type Load = NonNullable<Scenario["load"]>;

/**
 * `-n 100` over a file's duration means: until 100 are sent. A duration says how long, whatever number the file has, and
 * so do stages and timestamps.
 */
function overlayLoad(base: Load = {}, over: Load = {}): Load {
  const load = { ...withoutReplaced(base, over), ...over };
  const ends = over.duration !== undefined || over.stages !== undefined || over.timestamps !== undefined;
  if (over.requests !== undefined && !ends) delete load.duration;
  if (ends && over.requests === undefined) delete load.requests;
  if (ends && over.duration === undefined) delete load.duration;
  return load;
}

/** Timestamps and rates take each other's place, and constant arrivals that of a seed. */
function withoutReplaced(base: Load, over: Load): Load {
  const kept = { ...base };
  if (over.rps !== undefined || over.stages !== undefined) delete kept.timestamps;
  if (over.arrivals === "constant") delete kept.seed;
  if (over.timestamps === undefined) return kept;
  const { rps: _rps, stages: _stages, arrivals: _arrivals, seed: _seed, ...unrated } = kept;
  return unrated;
}

type Headers = NonNullable<Request["headers"]>;

/** Header names are case-insensitive (RFC 9110 §5.1): `-H accept:` replaces a file's `Accept`. */
function overlayHeaders(base: Headers, over: Headers): Headers {
  const replaced = new Set(Object.keys(over).map((name) => name.toLowerCase()));
  const kept = Object.entries(base).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...over };
}
