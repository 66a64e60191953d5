/** A request as the server has read it so far. */
export interface ReadRequest {
  readonly method: string;
  readonly target: string;
  /** Header fields, names in lower case, in the order of the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly framing: "none" | "length" | "chunked";
  bodyBytes: number;
  /** "": the body is not all there; else how it ended. */
  complete: boolean;
  /** The bytes do not follow the rules: what is wrong with them. */
  fault: string;
}

/**
 * Reads requests from bytes, strictly: the client under test is the one that wrote them. One request at a time; what
 * follows it stays in `rest`.
 */
export class RequestReader {
  current: ReadRequest | undefined = undefined;
  #buffer: Buffer = Buffer.alloc(0);
  #owed = 0;
  #inTrailer = false;

  get rest(): Buffer {
    return this.#buffer;
  }

  take(bytes: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? bytes : Buffer.concat([this.#buffer, bytes]);
  }

  /** Throws away what has come: the connection is no longer HTTP. */
  takeRest(): Buffer {
    const rest = this.#buffer;
    this.#buffer = Buffer.alloc(0);
    return rest;
  }

  /** Begins the next request, where its head is there. */
  readHead(): ReadRequest | undefined {
    const end = this.#buffer.indexOf("\r\n\r\n");
    if (end === -1) return undefined;
    const [line, ...fields] = this.#buffer.subarray(0, end).toString("latin1").split("\r\n");
    this.#buffer = this.#buffer.subarray(end + 4);
    const parts = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(line!);
    const headers = fields.map((field) => {
      const colon = field.indexOf(":");
      return [field.substring(0, colon).toLowerCase(), field.substring(colon + 1).trim()] as const;
    });
    const value = (name: string) => headers.find((field) => field[0] === name)?.[1];
    const length = value("content-length");
    const chunked = value("transfer-encoding") === "chunked";
    this.#owed = Number(length ?? 0);
    this.#inTrailer = false;
    this.current = {
      method: parts?.[1] ?? "?",
      target: parts?.[2] ?? "?",
      headers,
      framing: chunked ? "chunked" : length === undefined ? "none" : "length",
      bodyBytes: 0,
      complete: false,
      fault: parts === null ? `no request line: ${JSON.stringify(line)}` : "",
    };
    return this.current;
  }

  /** Reads as much of the body as is there; true: that was its end. */
  readBody(): boolean {
    const request = this.current!;
    if (request.framing === "chunked") return this.#readChunks(request);
    this.#readOwed(request);
    return request.complete = this.#owed === 0;
  }

  #readOwed(request: ReadRequest): void {
    const length = Math.min(this.#owed, this.#buffer.length);
    this.#owed -= length;
    request.bodyBytes += length;
    this.#buffer = this.#buffer.subarray(length);
  }

  /** `#owed` counts a chunk's data and the CRLF behind it. */
  #readChunks(request: ReadRequest): boolean {
    for (;;) {
      if (this.#owed > 2) {
        const length = Math.min(this.#owed - 2, this.#buffer.length);
        this.#owed -= length;
        request.bodyBytes += length;
        this.#buffer = this.#buffer.subarray(length);
        if (this.#owed > 2) return false;
      }
      if (this.#owed === 2) {
        if (this.#buffer.length < 2) return false;
        if (this.#buffer.toString("latin1", 0, 2) !== "\r\n") request.fault = "no CRLF after a chunk";
        this.#buffer = this.#buffer.subarray(2);
        this.#owed = 0;
      }
      const end = this.#buffer.indexOf("\r\n");
      if (end === -1) return false;
      const line = this.#buffer.toString("latin1", 0, end);
      this.#buffer = this.#buffer.subarray(end + 2);
      if (this.#inTrailer) {
        if (line === "") return request.complete = true;
      } else if (!/^[0-9a-f]+$/i.test(line)) {
        request.fault = `no chunk size: ${JSON.stringify(line)}`;
        return request.complete = true;
      } else if (parseInt(line, 16) === 0) {
        this.#inTrailer = true;
      } else {
        this.#owed = parseInt(line, 16) + 2;
      }
    }
  }
}
