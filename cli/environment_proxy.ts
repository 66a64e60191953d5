import process from "node:process";
import type { Plan } from "../lib/scenario/plan.ts";
import { ENVIRONMENT } from "../lib/scenario/proxy_url.ts";
import { type Proxy, proxyFromEnvironment } from "../lib/transport/proxy.ts";
import { hostPort } from "../lib/transport/route.ts";

/**
 * The plan with the environment's proxy settled, so that the printed plan and the result say where requests went. The
 * embedded target is on loopback, where that proxy is never asked. Throws a `TransportError` for an address that is none.
 */
export function withEnvironmentProxy(plan: Plan): Plan {
  const { request: { url }, transport } = plan;
  if (transport.proxy !== ENVIRONMENT) return plan;
  const proxy = url === undefined ? undefined : proxyFromEnvironment(process.env)(new URL(url));
  return { ...plan, transport: { ...transport, proxy: proxy === undefined ? undefined : urlOf(proxy) } };
}

function urlOf({ scheme, username, password, host, port }: Proxy): string {
  const userinfo = username === "" && password === ""
    ? ""
    : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  return `${scheme}://${userinfo}${hostPort(host, port)}`;
}
