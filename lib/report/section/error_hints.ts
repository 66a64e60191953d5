// What a user may do about an error, for those whose code says it.

const HINTS: readonly (readonly [code: RegExp, hint: string])[] = [
  [
    /^tls\/(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT.*))$/,
    "The server's certificate is not trusted: --cacert FILE or -k",
  ],
  [/^tls\/CERT_HAS_EXPIRED$/, "The server's certificate has expired: -k takes it all the same"],
  [/^tls\/ERR_TLS_CERT_ALTNAME_INVALID$/, "The server's certificate is for another name: --servername NAME or -k"],
  [/^tls\/ERR_SSL_WRONG_VERSION_NUMBER$/, "The server does not speak TLS: http:// instead of https://"],
  [/^proxy\//, "The proxy let nothing through: --proxy URL names another one, --proxy none goes without"],
];

/** One sentence for each of these codes that has one, each sentence once. */
export function errorHints(codes: readonly string[]): string[] {
  const hints = codes.flatMap((code) => HINTS.find(([pattern]) => pattern.test(code))?.[1] ?? []);
  return [...new Set(hints)];
}
