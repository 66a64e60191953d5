// What a user may do about an error whose code says it, and about answers that lead elsewhere.

import { formatCount } from "../../core/units.ts";

/** The first that fits is said: the plainer one of a phase comes after those of its codes. */
const HINTS: readonly (readonly [code: RegExp, hint: string])[] = [
  // --- pool
  [
    /^pool\/timeout$/,
    "Requests waited for a free connection until --timeout was over: the server is too slow for this " +
    "load, or --max-conns too low",
  ],
  // --- dial
  [/^dial\/ECONNREFUSED$/, "Nothing listens at the address: is the service up, and is the port the right one?"],
  [/^dial\/(?:ENOTFOUND|EAI_AGAIN)$/, "The host's name was not resolved: is it spelt right, and does DNS answer here?"],
  [
    /^dial\/(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|timeout)$/,
    "Connections were not accepted in time: a firewall drops them, " +
    "the host is down, or its accept queue is full",
  ],
  [
    /^dial\/(?:EHOSTUNREACH|ENETUNREACH|EAFNOSUPPORT)$/,
    "There is no route from here to the host: network, VPN or address family",
  ],
  [
    /^(?:dial|proxy)\/EADDRNOTAVAIL$/,
    "No local port was left for another connection: keep connections alive, or widen " +
    "net.ipv4.ip_local_port_range",
  ],
  [/^(?:dial|proxy)\/(?:EMFILE|ENFILE)$/, "The limit of open files was reached here: raise it with ulimit -n"],
  [
    /^dial\/(?:ECONNRESET|ECONNABORTED)$/,
    "Connections were reset as they opened: the server, or a balancer before it, takes no more",
  ],
  [/^dial\/(?:EACCES|EPERM)$/, "This machine forbids the connection: a firewall rule, or the rights of a unix socket"],
  [/^dial\/badPort$/, "The runtime's fetch refuses this port: --client loadgen does not"],
  [/^dial\//, "No connection was made: the code names the system's reason"],
  // --- tls
  [
    /^tls\/(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT.*))$/,
    "The server's certificate is not trusted: --cacert FILE or -k",
  ],
  [/^tls\/CERT_HAS_EXPIRED$/, "The server's certificate has expired: -k takes it all the same"],
  [/^tls\/ERR_TLS_CERT_ALTNAME_INVALID$/, "The server's certificate is for another name: --servername NAME or -k"],
  [/^tls\/ERR_SSL_WRONG_VERSION_NUMBER$/, "The server does not speak TLS: http:// instead of https://"],
  [
    /^tls\/(?:tlsHandshakeTimeout|timeout)$/,
    "TLS handshakes were not done in time: the server is out of CPU, or does not speak TLS",
  ],
  [
    /^tls\/(?:ECONNRESET|EPIPE)$/,
    "The server broke off TLS handshakes: it wants a client certificate (--cert, --key), another " +
    "name (--servername) or another TLS version, or takes no more",
  ],
  [
    /^tls\/ERR_(?:OSSL|BORINGSSL)/,
    "A certificate or key given here cannot be used: --cert, --key and --cacert take PEM",
  ],
  [/^tls\//, "The TLS handshake failed: the code names the reason"],
  [/^proxy\//, "The proxy let nothing through: --proxy URL names another one, --proxy none goes without"],
  // --- write
  [/^write\/timeout$/, "The server did not take a request's body before --timeout was over"],
  [
    /^write\/(?:bodyLength|requestBody|cannotRewindBody)$/,
    "A request's body could not be read here as it was announced",
  ],
  [
    /^write\/(?:invalidUrl|unsupportedScheme|bad\w+)$/,
    "A request could not be sent as it is written: its URL, its headers or its body",
  ],
  [/^write\//, "The server closed connections while a request was sent: it refuses the body early, or went away"],
  // --- head
  [
    /^head\/(?:firstByteRead|closed)$/,
    "The server closed connections before the first byte of an answer: it crashed or restarts, " +
    "sheds load, or ends idle connections sooner than --idle-timeout",
  ],
  [
    /^head\/(?:ECONNRESET|EPIPE|ECONNABORTED)$/,
    "The server, or a balancer before it, reset connections instead of answering: it crashed, " +
    "or a limit of connections or of time was reached",
  ],
  [
    /^head\/(?:timeout|responseHeaderTimeout|UND_ERR_HEADERS_TIMEOUT)$/,
    "No answer began before --timeout was over: the server is slower than that, or stuck",
  ],
  [
    /^head\/unexpectedEof$/,
    "The server closed connections in the middle of an answer's head: it crashed, or was killed",
  ],
  [
    /^head\/(?:malformedResponse|malformedStatusCode|malformedVersion|HPE_\w+)$/,
    "What came back is not HTTP/1.1: the port may speak TLS, " +
    "HTTP/2 or another protocol",
  ],
  [
    /\/(?:headTooLarge|tooManyFields)$/,
    "An answer's headers are larger than a client takes: cookies or headers that pile up?",
  ],
  [/^head\/pipelineBroken$/, "A connection was lost with pipelined requests on it: not every server takes --pipeline"],
  [
    /^head\/(?:unexpectedRedirect|unexpectedUpgrade)$/,
    "The server answered with a redirect or an upgrade that nobody asked for",
  ],
  // --- body
  [
    /^body\/timeout$/,
    "Answers began, and were not complete before --timeout was over: large bodies, or a server that stalls in them",
  ],
  [
    /^body\/(?:unexpectedEof|ECONNRESET|EPIPE|closed|UND_ERR_SOCKET)$/,
    "The server closed connections in the middle of a body: it crashed, " +
    "a proxy cut it off, or its Content-Length is wrong",
  ],
  [/^body\/badGzip$/, "A body says that it is gzip, and is not: a proxy or the server encodes it wrongly"],
  [
    /^(?:head|body)\/(?:malformed|bad|unsupported|forbidden|chunkLine|tooMuchChunk|trailer)/,
    "An answer breaks the rules of HTTP/1.1, as the code says: " +
    "a fault of the server, or of a proxy before it",
  ],
  // --- anywhere
  [
    /\/(?:canceled|transportClosed|leaked|readOnClosedBody|concurrentRead)$/,
    "The run itself ended these requests, not the server",
  ],
  [
    /^expect\/status /,
    "A status that is not expected is a failure: --expect-status says which are (default: below 400), any takes them all",
  ],
  [/^expect\//, "Answers came, and were not what the scenario expects of them"],
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
