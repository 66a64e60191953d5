import type { Plan } from "../../scenario/plan.ts";
import { compileRequests, originOf } from "../../scenario/template/compile.ts";
import type { TemplateInputs } from "../../scenario/template/scope.ts";
import { environment } from "../../socket/environment.ts";
import { proxyFunction } from "../../transport/proxy/proxy.ts";

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/**
 * The TCP ports that a plan's connections lead to, its servers' and its proxies'; undefined where they go through a unix
 * socket. Throws as `runLoad` does.
 */
export function peerPorts(plan: Plan, inputs: TemplateInputs): ReadonlySet<number> | undefined {
  if (plan.transport.unixSocket !== undefined) return undefined;
  const proxyOf = proxyFunction(plan.transport.proxy, environment);
  const ports = compileRequests(plan, inputs).flatMap((request) => {
    const url = new URL(originOf(request));
    const own = url.port === "" ? DEFAULT_PORTS[url.protocol]! : Number(url.port);
    const proxy = proxyOf?.(url);
    return proxy === undefined ? [own] : [own, proxy.port];
  });
  return new Set(ports);
}
