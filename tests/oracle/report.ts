// What a subject and the server say of a program at one moment. Go's subject writes the same JSON.

/** One request, as its caller sees it. */
export interface RequestReport {
  readonly id: number;
  /** Null: no response head so far. */
  readonly head: {
    readonly status: number;
    readonly proto: string;
    readonly contentLength: number;
    readonly uncompressed: boolean;
    /** "name: value", names in lower case, sorted; the values of one name joined by ", ". */
    readonly headers: readonly string[];
  } | null;
  /** The class of the round trip's error, or "". */
  readonly error: string;
  /** How each attempt got its connection: "new", "idle" (from the pool) or "late" (from another request's end). */
  readonly connections: readonly string[];
  /** What the pool said to each connection that came back: "kept", or why not. */
  readonly returns: readonly string[];
  /** "", "reading" (a read is pending), "read" (as much as was asked for), "eof", or the class of the read's error. */
  readonly body: string;
  /** Bytes read, and a hash of them. */
  readonly bytes: number;
  readonly hash: number;
  /** "name: value" of the trailer, as `headers`. */
  readonly trailers: readonly string[];
  /** Informational responses that a hook heard of. */
  readonly informational: readonly number[];
  /** Error texts, for people: not compared. */
  readonly detail: string;
}

export interface SubjectReport {
  /** Connections that the client has dialed and not closed. */
  readonly live: number;
  readonly requests: readonly RequestReport[];
}

/** What the server saw; the same for every subject. */
export interface ServerReport {
  readonly dials: number;
  readonly open: number;
  /** One line for each request, sorted by connection. */
  readonly requests: readonly string[];
  /** What the last `disturb` step hit. */
  readonly disturbed: string;
}

export interface StepReport {
  readonly server: ServerReport;
  readonly client: SubjectReport;
}

/** FNV-1a over 32 bits, to be carried on from piece to piece. */
export const HASH_START = 0x811c9dc5;

export function hashOn(hash: number, bytes: Uint8Array): number {
  let next = hash;
  for (let i = 0; i < bytes.length; i++) next = Math.imul(next ^ bytes[i]!, 0x01000193);
  return next >>> 0;
}
