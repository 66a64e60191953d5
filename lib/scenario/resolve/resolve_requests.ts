// The part of resolving that concerns what is sent: the requests, what their paths count from, and their feeders.

import type { ExpectPlan, FeederPlan, RequestPlan, TransportPlan } from "../plan.ts";
import type { Scenario } from "../scenario.ts";
import { UsageError } from "../usage_error.ts";
import { parseDurationMs } from "../value/duration.ts";
import { ANY_STATUS, USUAL_STATUS } from "../value/expect.ts";
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
  const plans = placed.map((each) => resolveRequest(each, scenario.expectStatus));
  plans.forEach(({ name, path }, index) => {
    const first = plans.findIndex((plan) => plan.name === name);
    if (first !== index) {
      throw UsageError.expected(`${path}.name`, `a name other than that of ${plans[first]!.path}`, name);
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
  const given = scenario.baseUrl !== undefined ? "baseUrl" : absolute && `${absolute.path}.url`;
  if (described !== undefined && given !== undefined) {
    throw UsageError.conflict(`target.${described}`, given, "it applies to the embedded target alone");
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
      throw UsageError.expected(`feeders[${index}].as`, "a name of its own", as);
    }
    return { file, as, mode };
  });
}

function placedRequests({ request, requests }: Scenario): Placed[] {
  if (requests === undefined) return [{ path: "request", request: request ?? {} }];
  if (request !== undefined && Object.keys(request).length > 0) {
    throw UsageError.conflict("requests", "request", "a scenario has one request or several");
  }
  return requests.map((request, index) => ({ path: `requests[${index}]`, request }));
}

function checkFlow({ flow, request, requests }: Scenario): void {
  if (requests === undefined) {
    if (flow !== undefined) throw UsageError.needs("flow", ["requests"], "a single request has no order");
    if (request?.weight !== undefined) {
      throw UsageError.needs("request.weight", ["requests"], "a single request is always chosen");
    }
    return;
  }
  if (flow === "sequence") {
    const weighted = requests.findIndex(({ weight }) => weight !== undefined);
    if (weighted !== -1) {
      throw UsageError.conflict(
        `requests[${weighted}].weight`,
        { path: "flow", value: "sequence" },
        "in a sequence each request has its turn",
      );
    }
  }
}

function resolveRequest({ path, request }: Placed, expectStatus: Scenario["expectStatus"]): RequestPlan {
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
    user: request.user,
    body: bodyOf(path, request),
    bodyFile: request.bodyFile,
    bodyIsJson: request.bodyJson !== undefined,
    bodyPolicy,
    timeoutMs: timeout === undefined ? DEFAULT_TIMEOUT_MS : parseDurationMs(timeout)!,
    expect: expectOf(path, request, headers, expectStatus),
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

function bodyOf(path: string, { body, bodyFile, bodyTemplate, bodyJson }: Request): string | undefined {
  const [first, second] = Object.entries({ body, bodyFile, bodyTemplate, bodyJson }).filter(([, value]) =>
    value !== undefined
  );
  if (second !== undefined) {
    throw UsageError.conflict(`${path}.${second[0]}`, `${path}.${first![0]}`, "a request has one body");
  }
  if (bodyTemplate !== undefined) {
    throw new Error(`${path}.bodyTemplate: whoever resolves a scenario reads its templates first`);
  }
  if (bodyJson === undefined) return body;
  // In a template \{{ is an escaped sign; in JSON its backslash is itself escaped.
  return JSON.stringify(bodyJson).replace(/\\\\(?=\{\{|\$\{)/g, "\\");
}

function expectOf(
  path: string,
  { expect = {}, method, bodyPolicy = "read" }: Request,
  headers: RequestPlan["headers"],
  expectStatus: Scenario["expectStatus"] = [...USUAL_STATUS],
): ExpectPlan {
  const { status = expectStatus, bodyIncludes } = expect;
  if (bodyIncludes !== undefined) {
    const field = `${path}.expect.bodyIncludes`;
    if (bodyPolicy !== "read") {
      throw UsageError.conflict(field, { path: `${path}.bodyPolicy`, value: bodyPolicy }, "the body is not read");
    }
    if (method === "HEAD") {
      throw UsageError.conflict(field, { path: `${path}.method`, value: "HEAD" }, "its responses have no body");
    }
    const encoding = headers.find(([name, value]) => name.toLowerCase() === "accept-encoding" && value !== "identity");
    if (encoding !== undefined) {
      throw UsageError.conflict(
        field,
        `${path}.headers.${encoding[0]}`,
        "the body is searched as it comes, compressed or not",
      );
    }
  }
  return {
    status: status === ANY_STATUS ? undefined : [status].flat(),
    headers: Object.entries(expect.headers ?? {}),
    bodyIncludes,
  };
}
