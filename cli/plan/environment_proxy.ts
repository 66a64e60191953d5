import process from "node:process";
import type { Plan } from "../../lib/scenario/plan.ts";
import { ENVIRONMENT } from "../../lib/scenario/value/proxy_url.ts";
import { type Proxy, proxyFromEnvironment } from "../../lib/transport/proxy/proxy.ts";
import { hostPort } from "../../lib/transport/request/route.ts";

/**
 * The plan with the environment's proxy settled, so that the printed plan and the result say where requests to these
 * servers went; if they go different ways, each request looks it up. Throws a `TransportError` if a
 * proxy's URL is invalid.
 */
export function withEnvironmentProxy(plan: Plan, origins: readonly string[]): Plan {
  const { transport } = plan;
  if (transport.proxy !== ENVIRONMENT) return plan;
  const proxyOf = proxyFromEnvironment(process.env);
  const proxies = origins.map((origin) => proxyOf(new URL(origin)));
  const [proxy, ...others] = new Set(proxies.map((proxy) => proxy === undefined ? undefined : urlOf(proxy)));
  return others.length > 0 ? plan : { ...plan, transport: { ...transport, proxy } };
}

function urlOf({ scheme, username, password, host, port }: Proxy): string {
  const userinfo = username === "" && password === ""
    ? ""
    : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  return `${scheme}://${userinfo}${hostPort(host, port)}`;
}
