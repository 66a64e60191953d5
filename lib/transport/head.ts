// What an exchange sees of a response besides its body, whatever the protocol: HTTP/1.1's parser and, one day, HTTP/2's
// have classes of their own that fit these shapes.

/** A field: its name as on the wire, and its value without surrounding blanks, one character per byte. */
export type HeaderPair = readonly [name: string, value: string];

/**
 * The head of a response. Numbers cost nothing to ask for; text is decoded when it is asked for, and anew at each call.
 *
 * A head is lent for the length of the callback that brings it: `snapshot()` keeps it.
 */
export interface Head {
  /** Three digits. */
  readonly status: number;
  /** "HTTP/1.1", "HTTP/1.0", or what other minor version the server named. */
  readonly proto: string;
  /** Body bytes to come, −1 if unknown; in the answer to a HEAD request, what the head declares. Above 2^53 not exact. */
  readonly contentLength: number;
  /** Body bytes can follow. */
  readonly hasBody: boolean;
  /** The text after the status code, often "OK", sometimes "". */
  reason(): string;
  /** The fields in the order of the wire. */
  rawHeaders(): HeaderPair[];
  /** The values of the fields of this name in any case, in the order of the wire; no other field is decoded. */
  values(name: string): string[];
  /** The fields as standard headers, which takes seconds if there are tens of thousands. */
  headers(): Headers;
  /** A copy that is good for ever; its text is still undecoded. */
  snapshot(): Head;
}

/** The fields behind a body. */
export interface Trailers {
  /** In the order of the wire. */
  rawHeaders(): HeaderPair[];
  /** As standard headers. */
  headers(): Headers;
}
