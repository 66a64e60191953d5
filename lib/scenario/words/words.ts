// A plan in a line, as it is printed before it runs. No secret is in it.

import { type BodyPolicy, isOpenLoop, type Plan, usesTarget } from "../plan.ts";
import { maskUrl } from "../template/mask.ts";
import { formatDurationMs } from "../value/duration.ts";
import { ENVIRONMENT, maskProxy } from "../value/proxy_url.ts";
import { USUAL_STATUS } from "../value/expect.ts";
import { formatSize } from "../value/size.ts";
import { isPath } from "../value/target_url.ts";
import { loadInWords } from "./load_words.ts";

const BODIES: Readonly<Record<BodyPolicy, string>> = {
  read: "bodies read to their end",
  close: "bodies closed unread",
  hold: "bodies never closed",
};

/** What a plan will do, in one line: "500 rps in all, 10 s, up to ∞ connections, bodies never closed". */
export function planInWords(plan: Plan): string {
  const { load, transport, requests } = plan;
  const words: string[] = [];
  words.push(...loadInWords(load));
  if (load.client === "fetch") words.push("by the runtime's fetch");
  else if (isOpenLoop(load) || transport.maxConnsPerHost !== undefined) {
    words.push(
      `up to ${transport.maxConnsPerHost ?? "∞"} ${transport.maxConnsPerHost === 1 ? "connection" : "connections"}`,
    );
  }
  if (load.workers > 1) words.push(`in ${load.workers} workers`);
  if (transport.disableKeepAlives) words.push("a new connection each");
  if (load.warmupMs > 0) words.push(`after ${formatDurationMs(load.warmupMs)} of warm-up`);
  if (load.cooldownMs > 0) words.push(`${formatDurationMs(load.cooldownMs)} more to cool down`);
  if (load.settleMs > 0) words.push(`then ${formatDurationMs(load.settleMs)} to settle`);
  words.push(bodiesInWords(requests), ...statusInWords(requests));
  const [only] = requests;
  if (requests.length > 1) {
    words.unshift(`${requests.length} requests ${plan.flow === "weighted" ? "by weight" : "in turn"}`);
  } else if (only!.method !== "GET") words.unshift(only!.method);
  return words.join(", ");
}

function bodiesInWords(requests: Plan["requests"]): string {
  const policies = new Set(requests.map(({ bodyPolicy }) => bodyPolicy));
  return [...policies].map((policy, index) => index === 0 ? BODIES[policy] : BODIES[policy].replace("bodies ", "or "))
    .join(" ");
}

/** What status is expected, where all requests expect the same and it is not the usual. */
function statusInWords(requests: Plan["requests"]): string[] {
  const expected = new Set(requests.map(({ expect: { status } }) => status?.join(" or ") ?? "any"));
  const [only] = expected;
  return expected.size > 1 || only === USUAL_STATUS.join(" or ") ? [] : [`expecting status ${only}`];
}

/**
 * Where a plan sends to, and by which way: its URL without credentials, or what its embedded target will answer. A proxy
 * is named where the plan has its address.
 */
export function destinationInWords(plan: Plan): string {
  const { transport: { unixSocket, proxy } } = plan;
  let words = usesTarget(plan) ? targetInWords(plan.target) : addressesInWords(plan);
  if (unixSocket !== undefined) words += ` through ${unixSocket}`;
  if (proxy !== undefined && proxy !== ENVIRONMENT) words += ` through the proxy ${maskProxy(proxy)}`;
  return [words, ...tlsInWords(plan)].join(", ");
}

/** The URL of a single request; of several, what their paths count from, or the servers that they name. */
function addressesInWords({ baseUrl, requests }: Plan): string {
  const [only] = requests;
  if (requests.length === 1) return maskUrl(isPath(only!.url) ? baseUrl!.replace(/\/$/, "") + only!.url : only!.url);
  const servers = requests.map(({ url }) => isPath(url) ? baseUrl! : url.replace(/^([^/]*\/\/[^/?#]*).*/s, "$1/"));
  return [...new Set(servers.map(maskUrl))].join(" and ");
}

/** What is asked of TLS beyond the usual, where it is spoken at all. */
function tlsInWords({ baseUrl, requests, transport, tls }: Plan): string[] {
  const urls = [baseUrl, transport.proxy, ...requests.map(({ url }) => url)];
  const secured = urls.some((url) => url?.startsWith("https:"));
  if (!secured) return [];
  const words: string[] = [];
  if (tls.servername !== undefined) words.push(`asking for ${tls.servername}`);
  if (tls.insecure) words.push("taking any certificate");
  else if (tls.cacert !== undefined) words.push(`trusting ${tls.cacert}`);
  if (tls.cert !== undefined) words.push(`with the certificate ${tls.cert}`);
  return words;
}

function targetInWords(target: Plan["target"]): string {
  const size = target.bodyBytesMax === undefined
    ? formatSize(target.bodyBytes)
    : `${formatSize(target.bodyBytes)} to ${formatSize(target.bodyBytesMax)}`;
  const words = [`${size} bodies`];
  if (target.chunked) words.push("chunked");
  if (target.latencyMs > 0) words.push(`after ${formatDurationMs(target.latencyMs)}`);
  if (target.slowBodyMs > 0) words.push(`over ${formatDurationMs(target.slowBodyMs)}`);
  return `an embedded target with ${words.join(", ")}`;
}
