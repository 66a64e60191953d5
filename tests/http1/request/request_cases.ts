// What the request writer must put on the wire, and what it must refuse to.

import type { ProtocolErrorCode } from "../../../lib/http1/protocol_error.ts";
import type { RequestHead } from "../../../lib/http1/request/request_writer.ts";

export interface RequestCase {
  readonly name: string;
  readonly head: RequestHead;
  /** The lines on the wire, without their ends and without the empty one. */
  readonly lines: readonly string[];
}

export interface RefusedCase {
  readonly name: string;
  readonly head: RequestHead;
  readonly code: ProtocolErrorCode;
}

const GET: RequestHead = {
  method: "GET",
  target: "/",
  host: "example.test:8080",
  headers: [],
  framing: { kind: "none" },
  close: false,
};

const GET_LINES = ["GET / HTTP/1.1", "Host: example.test:8080", "User-Agent: loadgen/0.1"];

export const REQUEST_CASES: readonly RequestCase[] = [
  { name: "a plain GET", head: GET, lines: GET_LINES },
  {
    name: "everything has its place",
    head: {
      ...GET,
      method: "POST",
      target: "/a?b=c",
      headers: [["X-One", "1"], ["accept", "*/*"], ["X-One", "2"]],
      framing: { kind: "length", length: 5 },
      close: true,
      extra: [["Accept-Encoding", "gzip"]],
    },
    lines: [
      "POST /a?b=c HTTP/1.1",
      "Host: example.test:8080",
      "User-Agent: loadgen/0.1",
      "Connection: close",
      "Content-Length: 5",
      "X-One: 1",
      "accept: */*",
      "X-One: 2",
      "Accept-Encoding: gzip",
    ],
  },
  {
    name: "a chunked body",
    head: { ...GET, method: "PUT", framing: { kind: "chunked" } },
    lines: ["PUT / HTTP/1.1", ...GET_LINES.slice(1), "Transfer-Encoding: chunked"],
  },
  ...["POST", "PUT", "PATCH"].map((method) => ({
    name: `an empty ${method} says its length`,
    head: { ...GET, method },
    lines: [`${method} / HTTP/1.1`, ...GET_LINES.slice(1), "Content-Length: 0"],
  })),
  ...["HEAD", "DELETE", "OPTIONS", "TRACE"].map((method) => ({
    name: `an empty ${method} says no length`,
    head: { ...GET, method, framing: { kind: "length", length: 0 } as const },
    lines: [`${method} / HTTP/1.1`, ...GET_LINES.slice(1)],
  })),
  {
    name: "the caller's Host wins",
    head: { ...GET, headers: [["HOST", "other.test"]] },
    lines: ["GET / HTTP/1.1", "Host: other.test", "User-Agent: loadgen/0.1"],
  },
  { name: "an empty Host is sent", head: { ...GET, host: "" }, lines: ["GET / HTTP/1.1", "Host: ", GET_LINES[2]!] },
  {
    name: "an IPv6 host",
    head: { ...GET, host: "[::1]:80" },
    lines: ["GET / HTTP/1.1", "Host: [::1]:80", GET_LINES[2]!],
  },
  {
    name: "another User-Agent",
    head: { ...GET, userAgent: "probe/2" },
    lines: [...GET_LINES.slice(0, 2), "User-Agent: probe/2"],
  },
  { name: "no User-Agent", head: { ...GET, userAgent: "" }, lines: GET_LINES.slice(0, 2) },
  {
    name: "the caller's User-Agent wins, in its place",
    head: { ...GET, headers: [["X", "y"], ["user-agent", "mine"]], userAgent: "probe/2" },
    lines: [...GET_LINES.slice(0, 2), "User-Agent: mine", "X: y"],
  },
  {
    name: "the caller's empty User-Agent is none",
    head: { ...GET, headers: [["User-Agent", ""]] },
    lines: GET_LINES.slice(0, 2),
  },
  {
    name: "the caller's framing headers are left out",
    head: {
      ...GET,
      method: "POST",
      headers: [["Content-Length", "7"], ["transfer-encoding", "gzip"], ["Trailer", "X"], ["X", "y"]],
      framing: { kind: "length", length: 3 },
    },
    lines: ["POST / HTTP/1.1", ...GET_LINES.slice(1), "Content-Length: 3", "X: y"],
  },
  {
    name: "close is said once, whoever asks",
    head: { ...GET, headers: [["X", "y"], ["connection", "Close"]], close: true },
    lines: [...GET_LINES, "Connection: close", "X: y"],
  },
  {
    name: "the caller's Connection: close alone is enough",
    head: { ...GET, headers: [["Connection", "close"], ["Connection", "close"]] },
    lines: [...GET_LINES, "Connection: close"],
  },
  {
    name: "what else the caller's Connection lists stays",
    head: { ...GET, headers: [["Connection", "TE , close"], ["TE", "trailers"]] },
    lines: [...GET_LINES, "Connection: close", "Connection: TE", "TE: trailers"],
  },
  {
    name: "an upgrade",
    head: { ...GET, headers: [["Connection", "Upgrade"], ["Upgrade", "websocket"]] },
    lines: [...GET_LINES, "Connection: Upgrade", "Upgrade: websocket"],
  },
  {
    name: "values with HTAB, with bytes above 0x7F, and empty",
    head: { ...GET, headers: [["A", "x\ty"], ["B", "caf\xe9"], ["C", ""]] },
    lines: [...GET_LINES, "A: x\ty", "B: caf\xe9", "C: "],
  },
  {
    name: "CONNECT to a host",
    head: { ...GET, method: "CONNECT", target: "example.test:443" },
    lines: ["CONNECT example.test:443 HTTP/1.1", ...GET_LINES.slice(1)],
  },
  {
    name: "a method in lower case is as it is",
    head: { ...GET, method: "get" },
    lines: ["get / HTTP/1.1", ...GET_LINES.slice(1)],
  },
];

const FORBIDDEN_IN_VALUES = ["\0", "\r", "\n", "\x01", "\x1f", "\x7f", "\u0100", "\u010a", "\u{1f600}"];

export const REFUSED_CASES: readonly RefusedCase[] = [
  ...["", "G T", "GET\r\n", "GET\0", "G/T", "G\xcaT", "\u0147ET"].map((method) => ({
    name: `method ${JSON.stringify(method)}`,
    head: { ...GET, method },
    code: "badMethod" as const,
  })),
  ...["", "/a b", "/a\tb", "/\r\nX: y", "/\n", "/\0", "/\x7f", "/caf\xe9", "/\u010a"].map((target) => ({
    name: `target ${JSON.stringify(target)}`,
    head: { ...GET, target },
    code: "badTarget" as const,
  })),
  ...["a b", "a\r\nX: y", "a\n", "a\0", "a/b", "a@b", "a?b", "a#b", 'a"b', "caf\xe9", "a\u010a"].flatMap((host) => [
    { name: `host ${JSON.stringify(host)}`, head: { ...GET, host }, code: "badHost" as const },
    {
      name: `Host header ${JSON.stringify(host)}`,
      head: { ...GET, headers: [["Host", host] as const] },
      code: "badHost" as const,
    },
  ]),
  ...["", "X Y", "X:", "X\r\nY", "X\n", "X\0", "\xe9", "X\u0131", "\u212aeep-Alive"].map((name) => ({
    name: `header name ${JSON.stringify(name)}`,
    head: { ...GET, headers: [[name, "y"] as const] },
    code: "badHeaderName" as const,
  })),
  ...FORBIDDEN_IN_VALUES.flatMap((char) => {
    const value = `a${char}b`;
    const code = "badHeaderValue" as const;
    return [
      { name: `header value ${JSON.stringify(value)}`, head: { ...GET, headers: [["X", value] as const] }, code },
      { name: `extra value ${JSON.stringify(value)}`, head: { ...GET, extra: [["X", value] as const] }, code },
      { name: `User-Agent ${JSON.stringify(value)}`, head: { ...GET, userAgent: value }, code },
      {
        name: `Connection beside close ${JSON.stringify(value)}`,
        head: { ...GET, headers: [["Connection", `close, ${value}`] as const] },
        code,
      },
    ];
  }),
  ...[-1, 1.5, NaN, Infinity, 2 ** 53].map((length) => ({
    name: `length ${length}`,
    head: { ...GET, method: "POST", framing: { kind: "length", length } as const },
    code: "badContentLength" as const,
  })),
];
