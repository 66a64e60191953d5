// What a user may do about an error whose code says it, and about answers that lead elsewhere.

import { formatCount } from "../../core/units.ts";

const HINTS: readonly (readonly [code: RegExp, hint: string])[] = [
  [
    /^tls\/(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT.*))$/,
    "The server's certificate is not trusted: --cacert FILE or -k",
  ],
  [/^tls\/CERT_HAS_EXPIRED$/, "The server's certificate has expired: -k takes it all the same"],
  [/^tls\/ERR_TLS_CERT_ALTNAME_INVALID$/, "The server's certificate is for another name: --servername NAME or -k"],
  [/^tls\/ERR_SSL_WRONG_VERSION_NUMBER$/, "The server does not speak TLS: http:// instead of https://"],
  [
    /^expect\/status /,
    "A status that is not expected is a failure: --expect-status says which are (default: below 400), any takes them all",
  ],
  [/^proxy\//, "The proxy let nothing through: --proxy URL names another one, --proxy none goes without"],
];

/** One sentence for each of these codes that has one, each sentence once. */
export function errorHints(codes: readonly string[]): string[] {
  const hints = codes.flatMap((code) => HINTS.find(([pattern]) => pattern.test(code))?.[1] ?? []);
  return [...new Set(hints)];
}

/** Redirects: 300 offers a choice, 304 has no other place, 305 and 306 are history (RFC 9110 §15.4). */
const REDIRECTS = ["301", "302", "303", "307", "308"];

/** A sentence where answers were redirects, which a load does not follow: it measured the redirects. */
export function redirectHint(byStatus: Readonly<Record<string, number>>): string | undefined {
  const found = REDIRECTS.filter((status) => (byStatus[status] ?? 0) > 0);
  if (found.length === 0) return undefined;
  const redirects = found.reduce((sum, status) => sum + byStatus[status]!, 0);
  const answers = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
  const share = redirects === answers ? "Every answer" : `${formatCount(redirects)} of ${formatCount(answers)} answers`;
  return `${share} ${redirects === answers || redirects === 1 ? "was" : "were"} ${found.join(" or ")}: ` +
    "redirects are not followed, and what they lead to was not measured";
}
