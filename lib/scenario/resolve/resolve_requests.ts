// The part of resolving that concerns what is sent: the requests, what their paths count from, and their feeders.

import type { ExpectPlan, FeederPlan, RequestPlan, TransportPlan } from "../plan.ts";
import type { Scenario } from "../scenario.ts";
import { UsageError } from "../usage_error.ts";
import { parseDurationMs } from "../value/duration.ts";
import { isPath, normalizeUrl } from "../value/target_url.ts";
import { isTemplate } from "../value/template_signs.ts";

const DEFAULT_TIMEOUT_MS = 30_000;

type Request = NonNullable<Scenario["request"]>;

/** A request of the scenario as its path names it. */
interface Placed {
  readonly path: string;
  readonly request: Request;
}

/** The requests with every default filled in. Throws a `UsageError` where fields contradict each other. */
export function resolveRequests(scenario: Scenario): RequestPlan[] {
  const placed = placedRequests(scenario);
  checkFlow(scenario);
  const plans = placed.map(resolveRequest);
  plans.forEach(({ name, path }, index) => {
    const first = plans.findIndex((plan) => plan.name === name);
    if (first !== index) {
      throw UsageError.expected(`${path}.name`, `a name of its own, ${plans[first]!.path} has the same`, name);
    }
  });
  return plans;
}

/** What paths count from, where anything does; undefined: the embedded target's address. */
export function resolveBaseUrl(scenario: Scenario, { unixSocket }: TransportPlan): string | undefined {
  const placed = placedRequests(scenario);
  const absolute = placed.find(({ request }) => !isPath(urlOf(request)));
  const path = placed.find(({ request }) => isPath(urlOf(request)));
  const [described] = Object.keys(scenario.target ?? {});
  if (described !== undefined && (scenario.baseUrl ?? absolute) !== undefined) {
    throw new UsageError(`target.${described}`, "expected no URL beside it: it says how the embedded target answers");
  }
  if (scenario.baseUrl !== undefined) return scenario.baseUrl;
  // Through a unix socket the URL gives only the Host header and the path.
  if (unixSocket !== undefined) return "http://localhost/";
  if (absolute !== undefined && path !== undefined) {
    throw new UsageError(
      `${path.path}.url`,
      `expected a baseUrl, or an absolute URL like that of ${absolute.path}.url, got ${
        JSON.stringify(urlOf(path.request))
      }`,
    );
  }
  return undefined;
}

export function resolveFeeders({ feeders = [] }: Scenario): FeederPlan[] {
  return feeders.map(({ file, as, mode = "circular" }, index) => {
    if (as !== undefined && feeders.findIndex((other) => other.as === as) !== index) {
      throw UsageError.expected(`feeders[${index}].as`, "a name that no other feeder has", as);
    }
    return { file, as, mode };
  });
}

function placedRequests({ request, requests }: Scenario): Placed[] {
  if (requests === undefined) return [{ path: "request", request: request ?? {} }];
  if (request !== undefined && Object.keys(request).length > 0) {
    throw new UsageError("requests", "expected no request beside it: a scenario has one or several");
  }
  return requests.map((request, index) => ({ path: `requests[${index}]`, request }));
}

function checkFlow({ flow, request, requests }: Scenario): void {
  if (requests === undefined) {
    if (flow !== undefined) throw new UsageError("flow", "expected requests beside it: a single request has no order");
    if (request?.weight !== undefined) {
      throw new UsageError("request.weight", "expected requests, not a single request");
    }
    return;
  }
  if (flow === "sequence") {
    const weighted = requests.findIndex(({ weight }) => weight !== undefined);
    if (weighted !== -1) {
      throw new UsageError(
        `requests[${weighted}].weight`,
        'expected no flow "sequence" beside it, where each has its turn',
      );
    }
  }
}

function resolveRequest({ path, request }: Placed): RequestPlan {
  const { method = "GET", bodyPolicy = "read", timeout, name, weight = 1 } = request;
  const url = urlOf(request);
  const headers = headersOf(request);
  return {
    name: name ?? `${method} ${url}`,
    path,
    weight,
    method,
    url: isPath(url) || isTemplate(url) ? url : normalizeUrl(url),
    headers,
    body: bodyOf(path, request),
    bodyIsJson: request.bodyJson !== undefined,
    bodyPolicy,
    timeoutMs: timeout === undefined ? DEFAULT_TIMEOUT_MS : parseDurationMs(timeout)!,
    expect: expectOf(path, request, headers),
  };
}

function urlOf({ url = "/" }: Request): string {
  return url;
}

function headersOf({ headers = {}, bodyJson }: Request): (readonly [name: string, value: string])[] {
  const pairs = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const)
  );
  const typed = pairs.some(([name]) => name.toLowerCase() === "content-type");
  return bodyJson === undefined || typed ? pairs : [...pairs, ["Content-Type", "application/json"]];
}

function bodyOf(path: string, { body, bodyFile, bodyJson }: Request): string | undefined {
  const [first, second] = Object.entries({ body, bodyFile, bodyJson }).filter(([, value]) => value !== undefined);
  if (second !== undefined) {
    throw new UsageError(`${path}.${second[0]}`, `expected no ${path}.${first![0]} beside it: a request has one body`);
  }
  if (bodyFile !== undefined) throw new Error(`${path}.bodyFile: whoever resolves a scenario reads its files first`);
  if (bodyJson === undefined) return body;
  // In a template \{{ is an escaped sign; in JSON its backslash is itself escaped.
  return JSON.stringify(bodyJson).replace(/\\\\(?=\{\{|\$\{)/g, "\\");
}

function expectOf(
  path: string,
  { expect, method, bodyPolicy = "read" }: Request,
  headers: RequestPlan["headers"],
): ExpectPlan | undefined {
  if (expect === undefined) return undefined;
  const { status, bodyIncludes } = expect;
  if (bodyIncludes !== undefined) {
    const field = `${path}.expect.bodyIncludes`;
    if (bodyPolicy !== "read") {
      throw new UsageError(
        field,
        `expected ${path}.bodyPolicy read beside it, got "${bodyPolicy}": nothing of the body is read`,
      );
    }
    if (method === "HEAD") {
      throw new UsageError(field, `expected no ${path}.method HEAD beside it, whose responses have no body`);
    }
    const encoding = headers.find(([name, value]) => name.toLowerCase() === "accept-encoding" && value !== "identity");
    if (encoding !== undefined) {
      throw new UsageError(
        field,
        `expected no ${path}.headers.${encoding[0]} beside it: the body is searched as it comes`,
      );
    }
  }
  return {
    status: status === undefined ? undefined : [status].flat(),
    headers: Object.entries(expect.headers ?? {}),
    bodyIncludes,
  };
}
