// A plan that may be stored and shown: what a server would take for a credential is not in it.

import type { Plan, RequestPlan } from "../plan.ts";
import { MASK, maskProxy } from "../value/proxy_url.ts";
import type { Threshold } from "../value/threshold.ts";

/** Headers whose whole value is a secret, by the words that such names are made of (X-Api-Key, X-Auth-Token …). */
const SECRET_HEADER = /^(?:.*-)?(?:authorization|cookie|token|secret|password|api-?key|access-?key|signature)$/i;

/** Query parameters of the same kind. */
const SECRET_PARAMETER =
  /^(?:.*[-_.])?(?:token|secret|password|passwd|api-?_?key|access-?_?key|key|sig|signature|auth)$/i;

/**
 * The plan with credentials masked in its headers, URLs, variables and proxy. Bodies are left out but for their size: they
 * may hold anything. What comes from the environment is in no plan.
 */
export function maskPlan(plan: Plan): Plan {
  const { baseUrl, requests, variables } = plan;
  const { proxy } = plan.transport;
  return {
    ...plan,
    baseUrl: baseUrl === undefined ? undefined : maskUrl(baseUrl),
    requests: requests.map(maskRequest),
    variables: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, isSecretName(name) ? MASK : maskUrl(value)]),
    ),
    thresholds: plan.thresholds.map(maskRule),
    transport: { ...plan.transport, proxy: proxy === undefined ? undefined : maskProxy(proxy) },
  };
}

function maskRequest(request: RequestPlan): RequestPlan {
  const { name, url, headers, user, body } = request;
  return {
    ...request,
    name: maskUrl(name),
    url: maskUrl(url),
    headers: headers.map(([name, value]) => [name, SECRET_HEADER.test(name) ? MASK : value] as const),
    user: user === undefined ? undefined : MASK,
    body: body === undefined ? undefined : `(${new TextEncoder().encode(body).length} bytes)`,
  };
}

/** A rule may name a request. */
function maskRule(rule: Threshold): Threshold {
  const { expression, request } = rule;
  if (request === undefined) return rule;
  return { ...rule, expression: expression.replace(request, () => maskUrl(request)), request: maskUrl(request) };
}

/** As for a query parameter, also where words are joined by capitals: apiToken. */
function isSecretName(name: string): boolean {
  return SECRET_PARAMETER.test(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2"));
}

/**
 * A text with a URL in it, without the URL's userinfo and the values of query parameters that are named like secrets. It
 * may be a path or a template.
 */
export function maskUrl(text: string): string {
  return text.replace(/(https?:\/\/)[^/?#]*@/i, `$1${MASK}@`)
    .replace(
      /([?&])([^=&#]*)=[^&#]*/g,
      (whole, sign: string, name: string) => SECRET_PARAMETER.test(decoded(name)) ? `${sign}${name}=${MASK}` : whole,
    );
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** A message without the values that came from the environment, by the names of these. */
export function maskValues(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  plan: Plan,
): string {
  const names = new Set([...JSON.stringify(plan).matchAll(/\$\{([A-Za-z_]\w*)\}/g)].map(([, name]) => name!));
  return [...names].reduce((masked, name) => {
    const value = environment[name] ?? "";
    return value === "" ? masked : masked.replaceAll(value, `\${${name}}`);
  }, text);
}
