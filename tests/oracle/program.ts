// What a client program is: pool options, scripted responses, and steps. Plain JSON, so that it can be printed and read.

/** Names and meanings are Go's `http.Transport`; 0 means what it means there. Durations in milliseconds. */
export interface PoolOptions {
  readonly maxIdleConns: number;
  readonly maxIdleConnsPerHost: number;
  readonly maxConnsPerHost: number;
  readonly disableKeepAlives: boolean;
  readonly idleConnTimeoutMs: number;
  readonly responseHeaderTimeoutMs: number;
  readonly expectContinueTimeoutMs: number;
  readonly maxResponseHeaderBytes: number;
  readonly disableCompression: boolean;
}

/** What the server does for one request, in order. */
export type ServerAction =
  /** Bytes, one per character. */
  | { readonly do: "send"; readonly text: string }
  /** `length` bytes of the body pattern, from offset `from` of it. */
  | { readonly do: "fill"; readonly from: number; readonly length: number }
  /** Bytes in base64. */
  | { readonly do: "raw"; readonly base64: string }
  /** Wait, so that what follows arrives on its own. */
  | { readonly do: "gap" }
  /** Wait for the step that releases the request. */
  | { readonly do: "hold" }
  /** Wait for the rest of the request: for scripts that begin at the request's head. */
  | { readonly do: "awaitBody" }
  /** Send back what the client sends from here on, to its FIN. */
  | { readonly do: "echo" }
  | { readonly do: "fin" }
  | { readonly do: "rst" };

export interface Script {
  /** What it is about, for people. */
  readonly name: string;
  /** "head": the answer begins at the request's head, and its body is read only after `awaitBody`. */
  readonly answerAt: "head" | "end";
  readonly actions: readonly ServerAction[];
  /** Followed instead where the connection has answered a request before. */
  readonly reusedActions?: readonly ServerAction[];
  /** More comes behind the response that keeps its connection: bytes that nobody asked for, or a FIN. */
  readonly surplus?: boolean;
  /** Ends in the middle of the response. */
  readonly cut?: boolean;
}

export interface RequestSpec {
  readonly id: number;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** Which of the server's ports, each a host of its own to the pool. */
  readonly host: number;
  /** Index into the program's scripts. */
  readonly script: number;
  /** Body bytes of the pattern; −1: no body; "stream": pieces given by `feed` steps, of unknown length. */
  readonly body: number | "stream";
  readonly idempotencyKey: boolean;
  /** Close after this request: by the request's own flag, or by a header field of the caller's. */
  readonly close: "no" | "flag" | "header";
  readonly expectContinue: boolean;
  /** `Connection: Upgrade`. */
  readonly upgrade: boolean;
  /** What the program does with the response as soon as it is there. */
  readonly then: "nothing" | "read" | "close";
}

export type Step =
  | { readonly op: "start"; readonly request: RequestSpec }
  /** Each request starts in the moment that the one before it has ended. */
  | { readonly op: "chain"; readonly requests: readonly RequestSpec[] }
  /** Reads that many bytes, or "all": to the end. */
  | { readonly op: "read"; readonly id: number; readonly count: number | "all" }
  | { readonly op: "close"; readonly id: number }
  | { readonly op: "cancel"; readonly id: number }
  | { readonly op: "closeIdle" }
  /** A piece of a streamed request body. */
  | { readonly op: "feed"; readonly id: number; readonly length: number }
  /** The end of a streamed request body, or its source's failure. */
  | { readonly op: "finish"; readonly id: number; readonly fail: boolean }
  /** Bytes into an upgraded connection, then perhaps FIN. */
  | { readonly op: "send"; readonly id: number; readonly text: string }
  /** The server goes on with a held response. */
  | { readonly op: "release"; readonly id: number }
  /** The server does something to one of the connections that owe no response, if there is one: number `pick` modulo their count. */
  | { readonly op: "disturb"; readonly pick: number; readonly text: string; readonly end: "no" | "fin" | "rst" };

export interface Program {
  readonly number: number;
  readonly options: PoolOptions;
  readonly hosts: number;
  /** At least this long after each step before the report: the program waits for timers. */
  readonly settleMs: number;
  readonly scripts: readonly Script[];
  readonly steps: readonly Step[];
}

/** The length of the request's and response's body pattern before it repeats: no power of two, so that a shifted piece shows. */
export const PATTERN = "abcdefghijklmnopqrstuvwxyz0123456789-";

/** Bytes [from, from + length) of the endless pattern, as text. */
export function patternText(from: number, length: number): string {
  const start = from % PATTERN.length;
  return PATTERN.repeat(Math.ceil((start + length) / PATTERN.length)).substring(start, start + length);
}
