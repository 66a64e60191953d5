// Where this project's transport is not to be compared with Go's: every entry says what, and why.
//
// Left out by the generator, most of it because Go itself leaves the outcome open:
//   - Two things at once: a step is one act, and the report is taken when both sides have come to rest.
//   - Bytes or a FIN right behind a response while requests wait for a connection (maxConnsPerHost): Go hands the
//     connection to the next request before it looks, and what then happens is a race. Ours looks first.
//   - A response that is whole before its request is, and a connection that breaks, or a rest of the request that goes out,
//     within the 50 ms that the transport then waits for the write.
//   - A reset under a body that nobody reads: Bun's sockets tell at once, the others when it is read.
//   - An idle timeout that could fall between two acts: it is far shorter or far longer than a step.
//   - `Connection: close` as a header field of the caller's, where the server keeps the connection: Go sends it and keeps
//     the connection, too (only `Request.Close` counts); ours closes it, as RFC 9112 section 9.6 asks.
//   - Transfer-Encoding beside Content-Length without `Connection: close`: Go keeps the connection, ours does not (RFC 9112
//     section 6.1: what follows may be smuggled).
//   - A blank in a field name: Go takes it into the name, ours refuses the response (RFC 9112 section 5.1).
//   - A partial read of a body that is there to its end: Go's reader takes as many bytes as it asked for; ours takes
//     the pieces as they came, and may so have read the rest along.

import type { Program, Script } from "./program.ts";
import type { RequestReport, StepReport } from "./report.ts";
import { requestsOf } from "./script_server.ts";

/** Fields that Go takes out of a response's header once it has understood them; ours shows what came. */
const UNDERSTOOD_FIELDS = /^(transfer-encoding|content-length|trailer|connection):/;

/** What of a report is compared. */
export function comparable(program: Program, reports: readonly StepReport[]): StepReport[] {
  const resets = requestsWithReset(program);
  const closed = new Set(program.steps.flatMap((step) => step.op === "close" ? [step.id] : []));
  const canceled = new Set(program.steps.flatMap((step) => step.op === "cancel" ? [step.id] : []));
  const surplus = requestsWith(program, (script) => script.surplus === true);
  const cut = requestsWith(program, (script) => script.cut === true);
  return reports.map(({ server, client }) => ({
    server,
    client: {
      live: client.live,
      requests: client.requests.map((request) =>
        comparableRequest(request, {
          reset: resets.has(request.id),
          surplus: surplus.has(request.id),
          cut: cut.has(request.id),
          bodyless: isBodyless(program, request),
          closed: closed.has(request.id),
          canceled: canceled.has(request.id),
        })
      ),
    },
  }));
}

/** What the server did to a request's connection. */
interface Circumstances {
  readonly reset: boolean;
  readonly surplus: boolean;
  readonly cut: boolean;
  readonly bodyless: boolean;
  /** By the caller. */
  readonly closed: boolean;
  /** By the caller. */
  readonly canceled: boolean;
}

function comparableRequest(report: RequestReport, circumstances: Circumstances): RequestReport {
  const { reset, surplus } = circumstances;
  const error = nameLoss(report.error, circumstances);
  const body = nameBody(nameLoss(report.body, circumstances), circumstances);
  return {
    ...report,
    head: report.head === null
      ? null
      : { ...report.head, headers: report.head.headers.filter((line) => !UNDERSTOOD_FIELDS.test(line)) },
    // With bytes or a FIN behind the response, Go takes the connection back before it looks, then closes it; ours looks
    // first. And Go calls no hook where keep-alives are off.
    returns: surplus ? [] : report.returns.filter((said) => said !== "keepAlivesDisabled"),
    trailers: [],
    error: reset ? mergeLoss(error) : error,
    body: reset ? mergeLoss(body) : body,
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
  return misnamed ? "unexpectedEof" : word;
}

function nameBody(word: string, { bodyless, closed, canceled }: Circumstances): string {
  // What was on this side when the caller cancelled stays readable: with small buffers less than with large ones. And Go
  // gives the cancellation to one read alone: the next says that the socket is closed, and where it was.
  const afterCancel = ["canceled", "eof", "closed", "unexpectedEof", "readOnClosedBody"];
  if (canceled && !bodyless && afterCancel.includes(word)) return "canceled, perhaps after the last byte";
  // A read that waits when its body is closed: in Go it sees the socket closed under it.
  if (closed && (word === "closed" || word === "unexpectedEof")) return "readOnClosedBody";
  // The read of a closed body that was empty from the start: in Go the end, in ours the same error as of any closed body.
  return word === "readOnClosedBody" && bodyless ? "eof" : word;
}

function isBodyless(program: Program, { id, head }: RequestReport): boolean {
  if (head === null) return false;
  const { method } = program.steps.flatMap(requestsOf).find((request) => request.id === id)!;
  return method === "HEAD" || head.contentLength === 0 || head.status === 304;
}

/** Where the server resets a connection, the kernel decides whether a reader is told of the end or of the reset. */
function mergeLoss(word: string): string {
  return ["lost", "reset", "unexpectedEof"].includes(word) ? "connection lost" : word;
}

function requestsWith(program: Program, is: (script: Script) => boolean): Set<number> {
  const requests = program.steps.flatMap(requestsOf).filter(({ script }) => is(program.scripts[script]!));
  return new Set(requests.map(({ id }) => id));
}

function requestsWithReset(program: Program): Set<number> {
  const disturbed = program.steps.some((step) => step.op === "disturb" && step.end === "rst");
  return requestsWith(
    program,
    ({ actions, reusedActions }) =>
      disturbed || [...actions, ...reusedActions ?? []].some((action) => action.do === "rst"),
  );
}
