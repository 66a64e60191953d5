/** A request as HTTP/1.1 writes it. */
export interface EncodedRequest {
  /** Head and, where it is small, body. */
  readonly bytes: Uint8Array;
  /** A body in memory that does not go out with the head: too large to be worth a copy, or held back for a 100. */
  readonly laterBody: Uint8Array | undefined;
  /** The head in case a streamed body turns out empty; given where that is looked at before a head goes out. */
  readonly headIfEmpty: Uint8Array | undefined;
  /** It may be written behind others, and others behind it: it goes out in one piece, and the connection stays as it is. */
  readonly pipelinable: boolean;
}

/** How requests that differ only in what fills their gaps are encoded. */
export interface EncodingPlan {
  encode(values: readonly string[]): EncodedRequest;
}
