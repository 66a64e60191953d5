// Where this project's transport is not to be compared with Go's: every entry says what, and why.
//
// Left out by the generator, most of it because Go itself leaves the outcome open:
//   - Two things at once: a step is one act, and the report is taken when both sides have come to rest.
//   - Bytes or a FIN right behind a response while requests wait for a connection (maxConnsPerHost) or others are idle
//     (maxIdleConns): Go hands the connection to the next request, or puts an older one out for it, before it looks. Ours
//     looks first.
//   - A response that is whole before its request is, and a connection that breaks, or a rest of the request that goes out,
//     within the 50 ms that the transport then waits for the write.
//   - A reset under a body that nobody reads: Bun's sockets tell at once, the others when it is read.
//   - An idle timeout that could fall between two acts: it is far shorter or far longer than a step.
//   - `Connection: close` as a header field of the caller's, where the server keeps the connection: Go sends it and keeps
//     the connection, too (only `Request.Close` counts); ours closes it, as RFC 9112 section 9.6 asks.
//   - Transfer-Encoding beside Content-Length without `Connection: close`: Go keeps the connection, ours does not (RFC 9112
//     section 6.1: what follows may be smuggled).
//   - A space behind the name of a framing field: Go takes the field for another one, ours refuses the response (RFC 9112
//     section 5.1).
//   - A streamed request body beyond its declared length: Go sends as much as was declared, swallows the rest, and complains
//     at its end; ours fails at once.
//   - A final answer to `Expect: 100-continue` with `disableKeepAlives`: Go, which closes, still sends the body.
//   - A response that says gzip and is not, on a connection that could be kept: ours closes it, Go goes on as if nothing was.
//   - A streamed request body of declared length 0: Go takes the 0 for "unknown", ours for a length.
//   - A partial read of a body that is there to its end: Go's reader takes as many bytes as it asked for; ours takes
//     the pieces as they came, and may so have read the rest along.

import { type Circumstances, circumstancesOf } from "./circumstances.ts";
import type { Program } from "./program.ts";
import type { RequestReport, StepReport } from "./report.ts";

/** Fields that Go takes out of a response's header once it has understood them; ours shows what came. */
const UNDERSTOOD_FIELDS = /^(transfer-encoding|content-length|trailer|connection):/;

/** What of two reports of one program is compared: Go's, and ours. */
export function comparable(
  program: Program,
  go: readonly StepReport[],
  ours: readonly StepReport[],
): [StepReport[], StepReport[]] {
  const late = new Set<number>();
  const told = go.map(({ server, client }, step) => ({
    server,
    client: {
      ...client,
      requests: client.requests.map((request) =>
        retell(request, ours[step]!.client.requests.find(({ id }) => id === request.id), late)
      ),
    },
  }));
  return [normalize(program, told), normalize(program, ours)];
}

/** What Go tells later or sooner than ours, though both mean the same. `late`: requests whose end Go still owes. */
function retell(go: RequestReport, ours: RequestReport | undefined, late: Set<number>): RequestReport {
  if (ours === undefined) return go;
  // Go gives the last bytes and the end in one; ours has seen the end too, and tells it at the next read.
  if (go.body === "eof" && ours.body === "read" && go.bytes === ours.bytes) return { ...go, body: "read" };
  // When the connection is gone, Go's write loop still waits for the piece that it has asked the request body's source
  // for. Only when that has come is the source closed, and does a failed round trip return: with the source's error, if
  // that is what came. Ours does both at once.
  if (go.upload === "open" && ours.upload === "closed") late.add(go.id);
  if (!late.has(go.id)) return go;
  return { ...go, upload: ours.upload, error: go.head === null ? ours.error : go.error };
}

function normalize(program: Program, reports: readonly StepReport[]): StepReport[] {
  return reports.map(({ server, client }, step) => ({
    server,
    client: {
      live: client.live,
      requests: client.requests.map((request) => comparableRequest(request, circumstancesOf(program, step, request))),
    },
  }));
}

function comparableRequest(report: RequestReport, circumstances: Circumstances): RequestReport {
  const body = nameBody(nameLoss(report.body, circumstances), circumstances);
  return {
    ...report,
    head: report.head === null
      ? null
      : { ...report.head, headers: report.head.headers.filter((line) => !UNDERSTOOD_FIELDS.test(line)) },
    // With bytes or a FIN behind the response, Go takes the connection back before it looks, then closes it; ours looks first.
    returns: circumstances.surplus ? [] : report.returns,
    error: nameLoss(report.error, circumstances),
    body,
    // Go shows them to who has read as far; ours as soon as it has, which after a cancel is at once.
    trailers: circumstances.canceled ? [] : report.trailers,
    // How much of a body was on this side when the caller broke off differs with the size of the read buffers.
    bytes: body === "eof" ? report.bytes : 0,
    hash: body === "eof" ? report.hash : 0,
    detail: "",
  };
}

/**
 * A head that ends in mid-line: Go takes the part for a line without a colon; a trailer that does: for one too long. Ours
 * names the loss. A status line cut by a FIN is malformed for both, by a RST for Go alone.
 */
function nameLoss(word: string, { cut, reset }: Circumstances): string {
  const misnamed = cut && (word === "malformedHeader" || word === "trailerTooLarge") ||
    cut && reset && (word === "malformedResponse" || word === "malformedStatusCode");
  const name = misnamed ? "unexpectedEof" : word;
  // The kernel decides whether a reader is told of the end or of the reset.
  return reset && ["lost", "reset", "unexpectedEof"].includes(name) ? "connection lost" : name;
}

function nameBody(word: string, { bodyless, closed, canceled }: Circumstances): string {
  // What was on this side when the caller cancelled stays readable: with small buffers less than with large ones. And Go
  // gives the cancellation to one read alone; the next may read on, or say that the socket is closed.
  if (canceled && !bodyless && word !== "" && word !== "reading") return "whatever was left of a cancelled body";
  // A read that waits when its body is closed: in Go it sees the socket closed under it.
  if (closed && ["closed", "unexpectedEof", "connection lost"].includes(word)) return "readOnClosedBody";
  // The read of a closed body that was empty from the start: in Go the end, in ours the same error as of any closed body.
  return word === "readOnClosedBody" && bodyless ? "eof" : word;
}
