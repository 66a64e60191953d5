import { formatDuration } from "./duration.ts";
import { loadInWords } from "./load_words.ts";
import { maskProxy, maskUrl } from "./mask.ts";
import { type BodyPolicy, isOpenLoop, type Plan } from "./plan.ts";
import { ENVIRONMENT } from "./proxy_url.ts";
import { formatSize } from "./size.ts";

const BODIES: Readonly<Record<BodyPolicy, string>> = {
  read: "bodies read to their end",
  close: "bodies closed unread",
  hold: "bodies never closed",
};

/** What a plan will do, in one line: "500 rps in all, 10 s, up to ∞ connections, bodies never closed". */
export function planInWords(plan: Plan): string {
  const { load, transport, request } = plan;
  const words: string[] = [];
  words.push(...loadInWords(load));
  if (isOpenLoop(load) || transport.maxConnsPerHost !== undefined) {
    words.push(
      `up to ${transport.maxConnsPerHost ?? "∞"} ${transport.maxConnsPerHost === 1 ? "connection" : "connections"}`,
    );
  }
  if (transport.disableKeepAlives) words.push("a new connection each");
  words.push(BODIES[request.bodyPolicy]);
  if (request.method !== "GET") words.unshift(request.method);
  return words.join(", ");
}

/**
 * Where a plan sends to, and by which way: its URL without credentials, or what its embedded target will answer. A proxy
 * is named where the plan has its address.
 */
export function destinationInWords(plan: Plan): string {
  const { request: { url }, transport: { unixSocket, proxy } } = plan;
  let words = url === undefined ? targetInWords(plan.target) : maskUrl(url);
  if (unixSocket !== undefined) words += ` through ${unixSocket}`;
  if (proxy !== undefined && proxy !== ENVIRONMENT) words += ` through the proxy ${maskProxy(proxy)}`;
  return [words, ...tlsInWords(plan)].join(", ");
}

/** What is asked of TLS beyond the usual, where it is spoken at all. */
function tlsInWords({ request, transport, tls }: Plan): string[] {
  const secured = [request.url, transport.proxy].some((url) => url?.startsWith("https:"));
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
  if (target.latencyMs > 0) words.push(`after ${formatDuration(target.latencyMs)}`);
  if (target.slowBodyMs > 0) words.push(`over ${formatDuration(target.slowBodyMs)}`);
  return `an embedded target with ${words.join(", ")}`;
}
