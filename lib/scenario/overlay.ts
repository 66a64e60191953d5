import type { Scenario } from "./scenario.ts";

/** One scenario over another, field by field: where both say something, `over` wins. Headers add up by name. */
export function overlay(base: Scenario, over: Scenario): Scenario {
  const request = { ...base.request, ...over.request };
  if (base.request?.headers !== undefined && over.request?.headers !== undefined) {
    request.headers = overlayHeaders(base.request.headers, over.request.headers);
  }
  const target = { ...base.target, ...over.target };
  // A fixed size from above replaces a whole range below.
  if (over.target?.bodyBytes !== undefined && over.target.bodyBytesMax === undefined) delete target.bodyBytesMax;
  return {
    ...base,
    ...over,
    request,
    load: { ...overlayLoad(base.load, over.load) },
    transport: { ...base.transport, ...over.transport },
    tls: { ...base.tls, ...over.tls },
    target,
  };
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

type Headers = NonNullable<NonNullable<Scenario["request"]>["headers"]>;

/** Header names are case-insensitive (RFC 9110 §5.1): `-H accept:` replaces a file's `Accept`. */
function overlayHeaders(base: Headers, over: Headers): Headers {
  const replaced = new Set(Object.keys(over).map((name) => name.toLowerCase()));
  const kept = Object.entries(base).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...over };
}
