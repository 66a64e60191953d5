// A plan that may be stored and shown: what a server would take for a credential is not in it.

import type { Plan } from "./plan.ts";

const MASK = "***";

/** Headers whose whole value is a secret, by the words that such names are made of (X-Api-Key, X-Auth-Token …). */
const SECRET_HEADER = /^(?:.*-)?(?:authorization|cookie|token|secret|password|api-?key|access-?key|signature)$/i;

/** Query parameters of the same kind. */
const SECRET_PARAMETER =
  /^(?:.*[-_.])?(?:token|secret|password|passwd|api-?_?key|access-?_?key|key|sig|signature|auth)$/i;

/** The plan with credentials masked in its headers, URL and proxy. Its body is left out but for its size: it may hold anything. */
export function maskPlan(plan: Plan): Plan {
  const { url, headers, body } = plan.request;
  const { proxy } = plan.transport;
  return {
    ...plan,
    request: {
      ...plan.request,
      url: url === undefined ? undefined : maskUrl(url),
      headers: headers.map(([name, value]) => [name, SECRET_HEADER.test(name) ? MASK : value] as const),
      body: body === undefined ? undefined : `(${new TextEncoder().encode(body).length} bytes)`,
    },
    transport: { ...plan.transport, proxy: proxy === undefined ? undefined : maskProxy(proxy) },
  };
}

/** A URL without its userinfo and without the values of query parameters that are named like secrets. */
export function maskUrl(text: string): string {
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    url.username = MASK;
    url.password = "";
  }
  for (const name of new Set(url.searchParams.keys())) {
    if (SECRET_PARAMETER.test(name)) url.searchParams.set(name, MASK);
  }
  return url.href;
}

/** A proxy's URL without its userinfo, as far as the last @, so that this holds for one that is malformed, too. */
export function maskProxy(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, `$1${MASK}@`);
}
