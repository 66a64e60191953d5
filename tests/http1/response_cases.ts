// What the response parser must make of bytes: one table, fed whole, in pieces and with bytes behind it.

import { encodeLatin1 } from "../../lib/core/bytes.ts";
import type { ProtocolErrorCode } from "../../lib/http1/protocol_error.ts";

export interface ResponseCase {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The request's method; GET unless said otherwise. */
  readonly method?: "GET" | "HEAD";
  readonly maxHeadBytes?: number;
  readonly maxHeadFields?: number;
  readonly expected: ExpectedResponse | ExpectedError;
}

export interface ExpectedResponse {
  readonly informational?: readonly number[];
  readonly status: number;
  readonly reason?: string;
  readonly fields?: readonly (readonly [string, string])[];
  readonly contentLength: number;
  readonly chunked?: boolean;
  readonly close?: boolean;
  /** The body ends with the connection: the case ends with FIN, and nothing can stand behind it. */
  readonly untilClose?: boolean;
  readonly body?: string;
  readonly trailers?: readonly (readonly [string, string])[];
}

export interface ExpectedError {
  readonly error: ProtocolErrorCode;
  /** In the message, where it is one that users search for. */
  readonly says?: string;
  /** Body bytes that are good until then. */
  readonly body?: string;
}

function lines(...parts: string[]): string {
  return parts.map((part) => `${part}\r\n`).join("");
}

const OK = "HTTP/1.1 200 OK";

function response(
  name: string,
  text: string,
  expected: ExpectedResponse | ExpectedError,
  method: "GET" | "HEAD" = "GET",
): ResponseCase {
  return { name, bytes: encodeLatin1(text), method, expected };
}

function head(fields: string[], expected: ExpectedResponse | ExpectedError, name: string): ResponseCase {
  return response(name, lines(OK, ...fields, ""), expected);
}

function chunked(body: string, expected: ExpectedResponse | ExpectedError, name: string): ResponseCase {
  return response(name, lines(OK, "Transfer-Encoding: chunked", "") + body, expected);
}

const CHUNKED: ExpectedResponse = { status: 200, contentLength: -1, chunked: true };
const EMPTY: ExpectedResponse = { status: 200, contentLength: 0 };

const PLAIN: ResponseCase[] = [
  response("a length", lines(OK, "Content-Length: 5", "") + "hello", {
    status: 200,
    reason: "OK",
    fields: [["Content-Length", "5"]],
    contentLength: 5,
    body: "hello",
  }),
  head(["Content-Length: 0"], EMPTY, "a length of 0"),
  head(["content-LENGTH:0"], EMPTY, "a field name in any case, no blank after the colon"),
  head(["Content-Length: \t 0 \t"], EMPTY, "blanks around a length"),
  head(["Content-Length: 000"], EMPTY, "leading zeros in a length"),
  head(["Content-Length: 0", "content-length: 0"], EMPTY, "identical duplicates of a length"),
  head(["X-Content-Length: 7", "Content-Lengths: 8", "Content-Lengti: 9", "Content-Length: 0"], {
    ...EMPTY,
    fields: [["X-Content-Length", "7"], ["Content-Lengths", "8"], ["Content-Lengti", "9"], ["Content-Length", "0"]],
  }, "names that only look like a framing field"),
  head(["A:", "B: ", "C: x  y", "a: 2", "Content-Length: 0"], {
    ...EMPTY,
    fields: [["A", ""], ["B", ""], ["C", "x  y"], ["a", "2"], ["Content-Length", "0"]],
  }, "empty and repeated fields"),
  head(["X: caf\xe9 \x80\xff", "Content-Length: 0"], {
    ...EMPTY,
    fields: [["X", "caf\xe9 \x80\xff"], ["Content-Length", "0"]],
  }, "a value with bytes above 0x7F"),
  head(["X: a:b: c", "Content-Length: 0"], {
    ...EMPTY,
    fields: [["X", "a:b: c"], ["Content-Length", "0"]],
  }, "a value with colons"),
  response("bare LF ends a head line", "HTTP/1.1 200 OK\nContent-Length: 2\nX: y\n\nhi", {
    status: 200,
    reason: "OK",
    fields: [["Content-Length", "2"], ["X", "y"]],
    contentLength: 2,
    body: "hi",
  }),
  response("bare LF and CRLF mixed", "HTTP/1.1 200 OK\r\nContent-Length: 2\nX: y\r\n\nhi", {
    status: 200,
    contentLength: 2,
    body: "hi",
  }),
];

const STATUS_LINES: ResponseCase[] = [
  response("no reason", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", { ...EMPTY, reason: "" }),
  response("an empty reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", { ...EMPTY, reason: "" }),
  response("spaces before the status", "HTTP/1.1   200 Fine\r\nContent-Length: 0\r\n\r\n", {
    ...EMPTY,
    reason: "Fine",
  }),
  response("a reason of several words", "HTTP/1.1 404 Not Found here\r\nContent-Length: 0\r\n\r\n", {
    status: 404,
    reason: "Not Found here",
    contentLength: 0,
  }),
  response("a reason with a control byte", "HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n", {
    ...EMPTY,
    reason: "O K",
  }),
  response("a status outside the known classes", "HTTP/1.1 999 ?\r\nContent-Length: 0\r\n\r\n", {
    status: 999,
    contentLength: 0,
  }),
  response("an empty first line", "\r\nHTTP/1.1 200 OK\r\n\r\n", {
    error: "malformedResponse",
    says: "malformed HTTP response",
  }),
  response("not HTTP", "SSH-2.0-OpenSSH_9.6\r\n", {
    error: "malformedResponse",
    says: 'malformed HTTP response "SSH-2.0-OpenSSH_9.6"',
  }),
  response("not HTTP, and no line end", "garbage", { error: "malformedResponse", says: "malformed HTTP response" }),
  response("no space after the version", "HTTP/1.1\r\n\r\n", { error: "malformedResponse" }),
  response("a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", {
    error: "malformedStatusCode",
    says: 'malformed HTTP status code "20"',
  }),
  response("a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", { error: "malformedStatusCode" }),
  response("a signed status", "HTTP/1.1 +20 OK\r\n\r\n", { error: "malformedStatusCode" }),
  response("a status with a letter", "HTTP/1.1 2a0 OK\r\n\r\n", { error: "malformedStatusCode" }),
  response("no status", "HTTP/1.1 \r\n\r\n", { error: "malformedStatusCode" }),
  response("a tab after the status", "HTTP/1.1 200\tOK\r\n\r\n", { error: "malformedStatusCode" }),
  response("HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n", {
    error: "malformedVersion",
    says: 'malformed HTTP version "HTTP/2.0"',
  }),
  response("HTTP/1.2", "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n", EMPTY),
  response("HTTP/1.9 behind spaces", "HTTP/1.9   200 OK\r\nContent-Length: 0\r\n\r\n", EMPTY),
  response("HTTP/1.2, chunked", "HTTP/1.2 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", CHUNKED),
  response("HTTP/1.x", "HTTP/1.x 200 OK\r\n\r\n", { error: "malformedVersion" }),
  response("HTTP/0.9", "HTTP/0.9 200 OK\r\n\r\n", { error: "malformedVersion" }),
  response("HTTP/1.10", "HTTP/1.10 200 OK\r\n\r\n", { error: "malformedVersion" }),
  response("a version in lower case", "http/1.1 200 OK\r\n\r\n", { error: "malformedVersion" }),
  response("an ICY server", "ICY 200 OK\r\n\r\n", { error: "malformedVersion" }),
];

const FIELD_LINES: ResponseCase[] = [
  head(["X: a", " b", "\t  c  ", "Content-Length: 0"], {
    ...EMPTY,
    fields: [["X", "a b c"], ["Content-Length", "0"]],
  }, "a folded value"),
  head(["X:", "  b", "Content-Length: 0"], {
    ...EMPTY,
    fields: [["X", "b"], ["Content-Length", "0"]],
  }, "a value that begins on the next line"),
  head(["Content-Length:", " 0"], EMPTY, "a folded length"),
  head(["Content-Length: 1", " 2"], { error: "badContentLength" }, "a length folded in the middle"),
  head(["Content-Length: 0", " ", "X: y"], EMPTY, "a length with an empty continuation"),
  response("a folded Transfer-Encoding", lines(OK, "Transfer-Encoding:", "\tchunked", "", "0", ""), CHUNKED),
  head(["Connection: keep-alive,", " close", "Content-Length: 0"], { ...EMPTY, close: true }, "a folded Connection"),
  head(
    [" X: y"],
    { error: "malformedHeader", says: "malformed MIME header initial line" },
    "a first line that continues",
  ),
  head(["Content-Length: 0", "X"], { error: "malformedHeader", says: "missing colon" }, "a line without a colon"),
  head([": x"], { error: "malformedHeader", says: "malformed MIME header line" }, "an empty name"),
  head(["X-A : b", "X B  :c", "Content-Length: 0"], {
    ...EMPTY,
    fields: [["X-A ", "b"], ["X B  ", "c"], ["Content-Length", "0"]],
  }, "spaces in a name and behind it"),
  head(
    ["Content Length: 7", "Content-Lengths : 8", "Content-Length: 0"],
    EMPTY,
    "spaced names that only look like framing",
  ),
  head(["X : a", " b", "Content-Length: 0"], {
    ...EMPTY,
    fields: [["X ", "a b"], ["Content-Length", "0"]],
  }, "a folded value of a spaced name"),
  head(["Content-Length : 0"], { error: "malformedHeader" }, "a space between Content-Length and its colon"),
  head(["Content-Length: 0", "Content-Length : 0"], { error: "malformedHeader" }, "a second length with a space"),
  head(["Transfer-Encoding : chunked"], { error: "malformedHeader" }, "a space behind Transfer-Encoding"),
  head(["connection  : close"], { error: "malformedHeader" }, "spaces behind Connection"),
  head(["X\t: y"], { error: "malformedHeader" }, "a tab before the colon"),
  head(["X y"], { error: "malformedHeader", says: "missing colon" }, "a spaced name without a colon"),
  head(["X\x00Y: z"], { error: "malformedHeader" }, "a NUL in a name"),
  head(["X\xe9: z"], { error: "malformedHeader" }, "a byte above 0x7F in a name"),
  head(["X(Y): z"], { error: "malformedHeader" }, "a separator in a name"),
  head(["X: a\x00b"], { error: "malformedHeader" }, "a NUL in a value"),
  head(["X: a\rb"], { error: "malformedHeader" }, "a bare CR in a value"),
  head(["X: a\r"], { error: "malformedHeader" }, "CR CR LF"),
  head(["X: a\x7f"], { error: "malformedHeader" }, "a DEL in a value"),
  head(["X: a", " b\x01"], { error: "malformedHeader" }, "a control byte in a continuation"),
  response("a CR alone where the head should end", "HTTP/1.1 200 OK\r\n\rX: y\r\n\r\n", { error: "malformedHeader" }),
];

const LENGTHS: ResponseCase[] = [
  head(["Content-Length: +3"], { error: "badContentLength", says: 'bad Content-Length "+3"' }, "a signed length"),
  head(["Content-Length: -3"], { error: "badContentLength" }, "a negative length"),
  head(["Content-Length: 3.0"], { error: "badContentLength" }, "a length with a point"),
  head(["Content-Length: 0x3"], { error: "badContentLength" }, "a hexadecimal length"),
  head(["Content-Length: 1 2"], { error: "badContentLength" }, "a length of two words"),
  head(["Content-Length: 3, 3"], { error: "badContentLength" }, "a list of lengths"),
  head(["Content-Length:"], { error: "badContentLength", says: "invalid empty Content-Length" }, "an empty length"),
  head(["Content-Length: 3", "Content-Length: 4"], {
    error: "badContentLength",
    says: "multiple Content-Length headers",
  }, "differing lengths"),
  head(
    ["Content-Length: 3", "Content-Length: 03"],
    { error: "badContentLength" },
    "equal lengths, written differently",
  ),
  head(["Content-Length: 99999999999999999999"], { error: "badContentLength" }, "a length far over 2^63"),
  head(["Content-Length: 9223372036854775808"], { error: "badContentLength" }, "a length of 2^63"),
  head([`Content-Length: ${"9".repeat(400)}`], { error: "badContentLength" }, "a length that no number holds"),
  ...["9007199254740992", "9223372036854775807"].map((length) =>
    response(`a length of ${length}, and EOF`, lines(OK, `Content-Length: ${length}`, "") + "ok", {
      error: "unexpectedEof",
      body: "ok",
    })
  ),
  response("HEAD, a length over 2^53", lines(OK, "Content-Length: 9007199254740992", ""), {
    status: 200,
    contentLength: 2 ** 53,
  }, "HEAD"),
  response(
    "HEAD, the same length over 2^53 twice",
    lines(OK, "Content-Length: 9007199254740992", "Content-Length: 9007199254740992", ""),
    { status: 200, contentLength: 2 ** 53 },
    "HEAD",
  ),
  head(
    ["Content-Length: 9007199254740992", "Content-Length: 9007199254740993"],
    { error: "badContentLength", says: "multiple Content-Length headers" },
    "lengths that differ beyond a number's precision",
  ),
  response("a bad length where no body can be", lines("HTTP/1.1 204 No Content", "Content-Length: +3", ""), {
    error: "badContentLength",
  }),
  response("EOF before the body's end", lines(OK, "Content-Length: 5", "") + "hel", {
    error: "unexpectedEof",
    says: "unexpected EOF",
    body: "hel",
  }),
  response("EOF before the body", lines(OK, "Content-Length: 5", ""), { error: "unexpectedEof" }),
  response("EOF before anything", "", { error: "unexpectedEof" }),
  response("EOF in the first line", "HTTP/1.1 200 O", { error: "unexpectedEof" }),
  response("EOF after the first line", "HTTP/1.1 200 OK\r\n", { error: "unexpectedEof" }),
  response("EOF in a field name", "HTTP/1.1 200 OK\r\nContent-Le", { error: "unexpectedEof" }),
  response("EOF in a value", "HTTP/1.1 200 OK\r\nContent-Length: 1", { error: "unexpectedEof" }),
  response("EOF before the empty line", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n", { error: "unexpectedEof" }),
  response("EOF within the empty line", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r", { error: "unexpectedEof" }),
];

const NO_BODY: ResponseCase[] = [
  response("HEAD with a length", lines(OK, "Content-Length: 123", ""), { status: 200, contentLength: 123 }, "HEAD"),
  response("HEAD without a length", lines(OK, "X: y", ""), { status: 200, contentLength: -1 }, "HEAD"),
  response("HEAD, chunked", lines(OK, "Transfer-Encoding: chunked", ""), CHUNKED, "HEAD"),
  response("204", lines("HTTP/1.1 204 No Content", ""), { status: 204, contentLength: 0 }),
  response("204 with a length", lines("HTTP/1.1 204 No Content", "Content-Length: 5", ""), {
    status: 204,
    contentLength: 0,
  }),
  response("304 with a length", lines("HTTP/1.1 304 Not Modified", "Content-Length: 5", ""), {
    status: 304,
    contentLength: 0,
  }),
  response("304, chunked", lines("HTTP/1.1 304 Not Modified", "Transfer-Encoding: chunked", ""), {
    status: 304,
    contentLength: 0,
    chunked: true,
  }),
];

const INFORMATIONAL_HEADS: ResponseCase[] = [
  response("100, then 200", lines("HTTP/1.1 100 Continue", "", OK, "Content-Length: 2", "") + "hi", {
    informational: [100],
    status: 200,
    fields: [["Content-Length", "2"]],
    contentLength: 2,
    body: "hi",
  }),
  response(
    "several 1xx, then 200",
    lines("HTTP/1.1 102 P", "", "HTTP/1.1 103 H", "Link: </a>", "", "HTTP/1.1 103 H", "", OK, "Content-Length: 0", ""),
    { ...EMPTY, informational: [102, 103, 103] },
  ),
  response("1xx with framing fields", lines("HTTP/1.1 103 H", "Content-Length: 7", "", OK, "Content-Length: 0", ""), {
    ...EMPTY,
    informational: [103],
  }),
  response(
    "1xx that closes says nothing about what follows",
    lines("HTTP/1.1 103 H", "Connection: close", "", OK, "Content-Length: 0", ""),
    {
      ...EMPTY,
      informational: [103],
      close: false,
    },
  ),
  response(
    "101 ends the exchange",
    lines("HTTP/1.1 101 Switching Protocols", "Upgrade: x", "Connection: upgrade", ""),
    {
      status: 101,
      contentLength: 0,
    },
  ),
  response("EOF after a 1xx", lines("HTTP/1.1 100 Continue", ""), { error: "unexpectedEof" }),
];

const CLOSING: ResponseCase[] = [
  head(["Connection: close", "Content-Length: 0"], { ...EMPTY, close: true }, "Connection: close"),
  head(["Connection: x, CLOSE ,y", "Content-Length: 0"], { ...EMPTY, close: true }, "close in a list, in any case"),
  head(["Connection: x", "Connection: close", "Content-Length: 0"], {
    ...EMPTY,
    close: true,
  }, "close in the second Connection"),
  head(["Connection: closed, not-close", "Content-Length: 0"], { ...EMPTY, close: false }, "words like close"),
  response("HTTP/1.0", lines("HTTP/1.0 200 OK", "Content-Length: 0", ""), { ...EMPTY, close: true }),
  response("HTTP/1.0 with keep-alive", lines("HTTP/1.0 200 OK", "Connection: Keep-Alive", "Content-Length: 0", ""), {
    ...EMPTY,
    close: false,
  }),
  response(
    "HTTP/1.0, keep-alive and close",
    lines("HTTP/1.0 200 OK", "Connection: keep-alive, close", "Content-Length: 0", ""),
    {
      ...EMPTY,
      close: true,
    },
  ),
  response(
    "HTTP/1.0 knows no Transfer-Encoding, but is not trusted again",
    lines("HTTP/1.0 200 OK", "Connection: keep-alive", "Transfer-Encoding: chunked", "Content-Length: 2", "") + "hi",
    {
      status: 200,
      contentLength: 2,
      close: true,
      body: "hi",
    },
  ),
  response(
    "HTTP/1.0 with Transfer-Encoding and no body is not trusted again either",
    lines("HTTP/1.0 204 No Content", "Connection: keep-alive", "Transfer-Encoding: chunked", ""),
    { status: 204, contentLength: 0, close: true },
  ),
  response("neither length nor chunked", lines(OK, "X: y", "") + "to the end", {
    status: 200,
    contentLength: -1,
    untilClose: true,
    close: true,
    body: "to the end",
  }),
  response("neither length nor chunked, and no body", lines(OK, ""), {
    status: 200,
    contentLength: -1,
    untilClose: true,
    close: true,
    body: "",
  }),
];

const CHUNKED_BODIES: ResponseCase[] = [
  chunked(lines("5", "hello", "0", ""), { ...CHUNKED, body: "hello" }, "one chunk"),
  chunked(lines("0", ""), CHUNKED, "no chunk"),
  chunked(lines("1", "a", "2", "bc", "3", "def", "0", ""), { ...CHUNKED, body: "abcdef" }, "several chunks"),
  chunked(lines("00a", "0123456789", "A", "0123456789", "000", ""), {
    ...CHUNKED,
    body: "01234567890123456789",
  }, "sizes in either case, with leading zeros"),
  chunked(lines("5;name=value", "hello", "0;last", ""), { ...CHUNKED, body: "hello" }, "extensions"),
  chunked(lines('5;q="a;b"', "hello", "0", ""), { ...CHUNKED, body: "hello" }, "a quoted extension"),
  chunked(lines("5 \t", "hello", "0 ", ""), { ...CHUNKED, body: "hello" }, "blanks after a size"),
  chunked(lines("2", "\r\n", "0", ""), { ...CHUNKED, body: "\r\n" }, "CRLF as data"),
  response("Transfer-Encoding in any case", lines(OK, "transfer-encoding: CHUNKED", "", "0", ""), CHUNKED),
  response(
    "Transfer-Encoding and Content-Length",
    lines(OK, "Content-Length: 3", "Transfer-Encoding: chunked", "", "1", "x", "0", ""),
    {
      ...CHUNKED,
      close: true,
      body: "x",
    },
  ),
  head(["Transfer-Encoding: gzip"], {
    error: "unsupportedTransferEncoding",
    says: 'unsupported transfer encoding: "gzip"',
  }, "another encoding"),
  head(["Transfer-Encoding: gzip, chunked"], { error: "unsupportedTransferEncoding" }, "a list of encodings"),
  head(["Transfer-Encoding: identity"], { error: "unsupportedTransferEncoding" }, "identity"),
  head(["Transfer-Encoding:"], { error: "unsupportedTransferEncoding" }, "an empty Transfer-Encoding"),
  head(["Transfer-Encoding: xchunked"], { error: "unsupportedTransferEncoding" }, "a word like chunked"),
  head(["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], {
    error: "unsupportedTransferEncoding",
    says: "too many transfer encodings",
  }, "chunked twice"),
  head(
    ["Transfer-Encoding: chunked", "Content-Length: x"],
    { error: "badContentLength" },
    "chunked beside a bad length",
  ),
  chunked("5\nhello\r\n0\r\n\r\n", { error: "malformedChunk", says: "bare LF" }, "a bare LF after a size"),
  chunked("5\r\nhello\n0\r\n\r\n", { error: "malformedChunk", body: "hello" }, "a bare LF after data"),
  chunked("5\r\nhello!\r\n0\r\n\r\n", { error: "malformedChunk", body: "hello" }, "more data than the size says"),
  chunked("5;a\rb\r\nhello\r\n", { error: "malformedChunk", says: "invalid CR" }, "a CR within a chunk line"),
  chunked("\r\nhello\r\n", { error: "malformedChunk", says: "empty hex number" }, "no size"),
  chunked(";x\r\nhello\r\n", { error: "malformedChunk" }, "an extension without a size"),
  chunked("5g\r\nhello\r\n", { error: "malformedChunk", says: "invalid byte in chunk length" }, "a size with a letter"),
  chunked(" 5\r\nhello\r\n", { error: "malformedChunk" }, "a blank before a size"),
  chunked("5 ;x\r\nhello\r\n", { error: "malformedChunk" }, "a blank before an extension"),
  chunked("+5\r\nhello\r\n", { error: "malformedChunk" }, "a signed size"),
  chunked("-5\r\nhello\r\n", { error: "malformedChunk" }, "a negative size"),
  chunked("0x5\r\nhello\r\n", { error: "malformedChunk" }, "a size with 0x"),
  chunked("00000000000000005\r\nhello", { error: "malformedChunk", says: "too large" }, "17 digits, even if zeros"),
  chunked("0000000000000005\r\nhello\r\n0\r\n\r\n", { ...CHUNKED, body: "hello" }, "16 digits"),
  chunked("10000000000000000\r\nhello", { error: "malformedChunk", says: "too large" }, "a size of 17 digits"),
  chunked(`5;${"x".repeat(4093)}\r\nhello\r\n0\r\n\r\n`, { ...CHUNKED, body: "hello" }, "the longest chunk line"),
  chunked(`5;${"x".repeat(4094)}\r\nhello\r\n0\r\n\r\n`, { error: "chunkLineTooLong" }, "a chunk line too long by one"),
  chunked(`5;${"x".repeat(6000)}`, { error: "chunkLineTooLong" }, "a chunk line that does not end"),
  chunked(
    `1;${"x".repeat(3000)}\r\na\r\n`.repeat(5) + "0\r\n\r\n",
    { ...CHUNKED, body: "aaaaa" },
    "extensions within 16 KiB",
  ),
  chunked(`1;${"x".repeat(3000)}\r\na\r\n`.repeat(6), {
    error: "tooMuchChunkOverhead",
    says: "too much non-data",
    body: "aaaaa",
  }, "extensions over 16 KiB"),
  chunked("1\r\na\r\n".repeat(5000) + "0\r\n\r\n", { ...CHUNKED, body: "a".repeat(5000) }, "many chunks of one byte"),
  chunked("5\r\nhel", { error: "unexpectedEof", body: "hel" }, "EOF in a chunk"),
  chunked("5\r\nhello", { error: "unexpectedEof", body: "hello" }, "EOF after a chunk's data"),
  chunked("5\r\nhello\r", { error: "unexpectedEof", body: "hello" }, "EOF within the CRLF after data"),
  chunked("5\r\nhello\r\n", { error: "unexpectedEof", body: "hello" }, "EOF before the last chunk"),
  chunked("5\r\nhello\r\n0", { error: "unexpectedEof", body: "hello" }, "EOF in the last chunk's line"),
  chunked(
    "5\r\nhello\r\n0\r\n",
    { error: "unexpectedEof", body: "hello", says: "reading trailer" },
    "EOF before the trailer",
  ),
];

const TRAILERS: ResponseCase[] = [
  chunked(lines("1", "x", "0", "Digest: abc", "X-Sum: 1", " 2", ""), {
    ...CHUNKED,
    body: "x",
    trailers: [["Digest", "abc"], ["X-Sum", "1 2"]],
  }, "a trailer"),
  response(
    "an announced trailer",
    lines(OK, "Trailer: Digest", "Transfer-Encoding: chunked", "", "0", "Digest: abc", ""),
    {
      ...CHUNKED,
      trailers: [["Digest", "abc"]],
    },
  ),
  response("a forbidden announcement", lines(OK, "Trailer: Digest, Content-Length", "Transfer-Encoding: chunked", ""), {
    error: "forbiddenTrailer",
    says: "bad trailer key",
  }),
  response(
    "a forbidden announcement of no consequence",
    lines(OK, "Trailer: Content-Length", "Content-Length: 0", ""),
    EMPTY,
  ),
  chunked(lines("0", "Content-Length: 5", ""), { error: "forbiddenTrailer" }, "Content-Length in the trailer"),
  chunked(
    lines("0", "transfer-encoding: chunked", ""),
    { error: "forbiddenTrailer" },
    "Transfer-Encoding in the trailer",
  ),
  chunked(lines("0", "Trailer: X", ""), { error: "forbiddenTrailer" }, "Trailer in the trailer"),
  chunked(lines("0", "Connection: close", ""), {
    ...CHUNKED,
    trailers: [["Connection", "close"]],
    close: false,
  }, "Connection in the trailer changes nothing"),
  chunked(lines("0", "no colon", ""), { error: "malformedHeader" }, "a malformed trailer"),
  chunked("0\r\nX: y\n\r\n", { error: "malformedHeader" }, "a bare LF in the trailer"),
  chunked("0\r\n\n", { error: "malformedHeader" }, "a bare LF for the trailer's end"),
  chunked(`0\r\nX: ${"y".repeat(4089)}\r\n\r\n`, {
    ...CHUNKED,
    trailers: [["X", "y".repeat(4089)]],
  }, "the longest trailer"),
  chunked(`0\r\nX: ${"y".repeat(4090)}\r\n\r\n`, {
    error: "trailerTooLarge",
    says: "suspiciously long trailer after chunked body",
  }, "a trailer too long by one"),
  chunked("0\r\nX: y\r\n", { error: "unexpectedEof" }, "EOF in the trailer"),
];

const SMALL_HEAD = lines(OK, "Content-Length: 0", "");
const LIMITED: ResponseCase[] = [
  { ...response("a head of just the limit", SMALL_HEAD, EMPTY), maxHeadBytes: SMALL_HEAD.length },
  {
    ...response("a head over the limit by one", SMALL_HEAD, {
      error: "headTooLarge",
      says: `server response headers exceeded ${SMALL_HEAD.length - 1} bytes`,
    }),
    maxHeadBytes: SMALL_HEAD.length - 1,
  },
  {
    ...response("a first line that does not end", "H".repeat(200), { error: "headTooLarge" }),
    maxHeadBytes: 100,
  },
  {
    ...response(
      "1xx heads that together with the last are over the limit",
      SMALL_HEAD.replace("200", "103").repeat(3) + SMALL_HEAD,
      {
        error: "headTooLarge",
      },
    ),
    maxHeadBytes: SMALL_HEAD.length * 4 - 1,
  },
  {
    ...response("1xx heads within the limit", SMALL_HEAD.replace("200", "103").repeat(3) + SMALL_HEAD, {
      ...EMPTY,
      informational: [103, 103, 103],
    }),
    maxHeadBytes: SMALL_HEAD.length * 4,
  },
  {
    ...response("as many fields as the limit", lines(OK, "A: 1", "B: 2", "Content-Length: 0", ""), EMPTY),
    maxHeadFields: 3,
  },
  {
    ...response("more fields than the limit", lines(OK, "A: 1", "B: 2", "Content-Length: 0", "no colon"), {
      error: "tooManyFields",
      says: "server response has more than 2 header fields",
    }),
    maxHeadFields: 2,
  },
  {
    ...response("a field over several lines is one", lines(OK, "A: 1", " 2", " 3", "Content-Length: 0", ""), EMPTY),
    maxHeadFields: 2,
  },
  {
    ...response(
      "1xx heads have as many fields each",
      lines("HTTP/1.1 103 Early", "A: 1", "").repeat(3) + lines(OK, "Content-Length: 0", ""),
      { ...EMPTY, informational: [103, 103, 103] },
    ),
    maxHeadFields: 1,
  },
  {
    ...response("a 1xx head with more fields than the limit", lines("HTTP/1.1 103 Early", "A: 1", "B: 2", ""), {
      error: "tooManyFields",
    }),
    maxHeadFields: 1,
  },
  {
    ...response(
      "trailers are no fields of the head",
      lines(OK, "Transfer-Encoding: chunked", "", "0", "A: 1", "B: 2", ""),
      {
        ...CHUNKED,
        body: "",
        trailers: [["A", "1"], ["B", "2"]],
      },
    ),
    maxHeadFields: 1,
  },
  {
    ...response("a body is no head", lines(OK, "Content-Length: 500", "") + "x".repeat(500), {
      status: 200,
      contentLength: 500,
      body: "x".repeat(500),
    }),
    maxHeadBytes: 60,
  },
];

export const RESPONSE_CASES: readonly ResponseCase[] = [
  ...PLAIN,
  ...STATUS_LINES,
  ...FIELD_LINES,
  ...LENGTHS,
  ...NO_BODY,
  ...INFORMATIONAL_HEADS,
  ...CLOSING,
  ...CHUNKED_BODIES,
  ...TRAILERS,
  ...LIMITED,
];
