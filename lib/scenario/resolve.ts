// From a scenario to the plan: every default filled in, every contradiction named.

import type { LoadPlan, Plan, RequestPlan, TargetPlan, TlsPlan, TransportPlan } from "./plan.ts";
import { refuseBeyondFetch } from "./resolve/beyond_fetch.ts";
import { rateFieldOf, resolveLoad } from "./resolve/resolve_load.ts";
import { checkRule } from "./resolve/check_rule.ts";
import { resolveBaseUrl, resolveFeeders, resolveRequests } from "./resolve/resolve_requests.ts";
import type { Scenario } from "./scenario.ts";
import { UsageError } from "./usage_error.ts";
import { parseDurationMs } from "./value/duration.ts";
import { ENVIRONMENT, normalizeProxy } from "./value/proxy_url.ts";
import { parseSizeBytes } from "./value/size.ts";
import { parseThreshold, type Threshold } from "./value/threshold.ts";

/** What a plan is where nobody said anything; for its load, see `resolveLoad`. */
export const DEFAULTS = {
  idleConnTimeoutMs: 90_000, // Go's DefaultTransport
  bodyBytes: 1024,
  seed: 1,
} as const;

/**
 * Resolves a valid scenario; `name` is its name if it does not say one.
 * Throws a `UsageError` whose field is a path into the scenario if two fields contradict each other.
 */
export function resolve(scenario: Scenario, name = ""): Plan {
  const requests = resolveRequests(scenario);
  if (scenario.load?.client === "fetch") refuseBeyondFetch(scenario, requests);
  const transport = resolveTransport(scenario);
  const load = resolveLoad(scenario.load);
  if (load.pipeline > 1) refusePipeline(requests, transport);
  return {
    name: scenario.name ?? name,
    description: scenario.description ?? "",
    baseUrl: resolveBaseUrl(scenario, transport),
    requests,
    flow: scenario.flow ?? "weighted",
    seed: scenario.seed ?? DEFAULTS.seed,
    variables: Object.fromEntries(
      Object.entries(scenario.variables ?? {}).map(([name, value]) => [name, String(value)]),
    ),
    feeders: resolveFeeders(scenario),
    load,
    transport,
    tls: resolveTls(scenario),
    target: resolveTarget(scenario),
    thresholds: resolveThresholds(scenario, requests, load),
    failOnLeak: scenario.failOnLeak ?? false,
  };
}

function resolveThresholds(
  { thresholds = [] }: Scenario,
  requests: readonly RequestPlan[],
  load: LoadPlan,
): Threshold[] {
  return thresholds.map((rule, index) => {
    const { expression, abort = false } = typeof rule === "string" ? { expression: rule } : rule;
    const field = `thresholds[${index}]`;
    const threshold = parseThreshold(expression, { field, kind: "mustHold", abort });
    checkRule(field, threshold, { requests, load });
    return threshold;
  });
}

function resolveTransport({ load = {}, transport = {} }: Scenario): TransportPlan {
  const openLoop = rateFieldOf(load) !== undefined;
  if (openLoop && load.connections !== undefined && transport.maxConnsPerHost !== undefined) {
    throw UsageError.conflict(
      "load.connections",
      "transport.maxConnsPerHost",
      "at a given rate both limit the connections",
    );
  }
  if (transport.disableKeepAlives === true && transport.maxIdleConnsPerHost !== undefined) {
    throw UsageError.conflict(
      "transport.maxIdleConnsPerHost",
      "transport.disableKeepAlives",
      "without keep-alive no connection is idle",
    );
  }
  const maxConnsPerHost = transport.maxConnsPerHost ?? (openLoop ? load.connections : undefined);
  if (maxConnsPerHost !== undefined && load.workers !== undefined && load.workers > maxConnsPerHost) {
    const field = transport.maxConnsPerHost === undefined ? "load.connections" : "transport.maxConnsPerHost";
    throw UsageError.above("load.workers", field, maxConnsPerHost, load.workers);
  }
  return {
    disableKeepAlives: transport.disableKeepAlives ?? false,
    maxIdleConnsPerHost: transport.maxIdleConnsPerHost,
    maxConnsPerHost,
    idleConnTimeoutMs: durationOr(transport.idleConnTimeout, DEFAULTS.idleConnTimeoutMs),
    drainOnClose: transport.drainOnClose ?? true,
    unixSocket: transport.unixSocket,
    proxy: load.client === "fetch" ? undefined : resolveProxy(transport), // of a fetch, the runtime's own
    socket: transport.socket ?? "auto",
  };
}

/** A response that nobody reads stands before all those behind it. */
function refusePipeline(requests: readonly RequestPlan[], { disableKeepAlives }: TransportPlan): void {
  const unread = requests.find(({ bodyPolicy }) => bodyPolicy !== "read");
  if (unread !== undefined) {
    const policy = { path: `${unread.path}.bodyPolicy`, value: unread.bodyPolicy };
    throw UsageError.conflict("load.pipeline", policy, "an unread body blocks the responses behind it");
  }
  if (disableKeepAlives) {
    throw UsageError.conflict(
      "load.pipeline",
      "transport.disableKeepAlives",
      "without keep-alive a connection serves one request",
    );
  }
}

function resolveProxy({ proxy, unixSocket }: NonNullable<Scenario["transport"]>): string | undefined {
  if (unixSocket === undefined) return normalizeProxy(proxy ?? ENVIRONMENT);
  if (proxy !== undefined && normalizeProxy(proxy) !== undefined) {
    throw UsageError.conflict(
      "transport.proxy",
      "transport.unixSocket",
      "a unix socket is not reached through a proxy",
    );
  }
  return undefined;
}

function resolveTls({ tls = {} }: Scenario): TlsPlan {
  const { insecure = false, cacert, cert, key, servername } = tls;
  return { insecure, cacert, cert, key, servername };
}

function resolveTarget({ target = {} }: Scenario): TargetPlan {
  const bodyBytes = target.bodyBytes === undefined ? DEFAULTS.bodyBytes : bytesOf(target.bodyBytes);
  const bodyBytesMax = target.bodyBytesMax === undefined ? undefined : bytesOf(target.bodyBytesMax);
  if (bodyBytesMax !== undefined && bodyBytesMax < bodyBytes) {
    throw UsageError.expected(
      "target.bodyBytesMax",
      `at least as much as target.bodyBytes, ${bodyBytes}`,
      target.bodyBytesMax,
    );
  }
  return {
    bodyBytes,
    bodyBytesMax,
    latencyMs: durationOr(target.latency, 0),
    chunked: target.chunked ?? false,
    slowBodyMs: durationOr(target.slowBody, 0),
  };
}

function durationOr(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : parseDurationMs(text)!;
}

function bytesOf(size: number | string): number {
  return typeof size === "number" ? size : parseSizeBytes(size)!;
}
