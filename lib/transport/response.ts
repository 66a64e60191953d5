import type { ResponseHead } from "../http1/response_head.ts";
import type { ResponseBody } from "./response_body.ts";

/** A response, as `roundTrip()` gives it: the head has arrived, the body is the caller's to read or close. */
export class Response {
  readonly #head: ResponseHead;
  #headers: Headers | undefined = undefined;
  /** Read it to its end or close it: a body left alone holds its connection. */
  readonly body: ResponseBody;
  /** The request's URL. */
  readonly url: string;

  constructor(head: ResponseHead, body: ResponseBody, url: string) {
    this.#head = head;
    this.body = body;
    this.url = url;
  }

  get status(): number {
    return this.#head.status;
  }

  /** As the server declared it, also for HEAD; -1: unknown. */
  get contentLength(): number {
    return this.#head.contentLength;
  }

  /** "HTTP/1.1" or "HTTP/1.0". */
  get proto(): string {
    return `HTTP/1.${this.#head.protoMinor}`;
  }

  /** Decoded at the first look. */
  get headers(): Headers {
    return this.#headers ??= this.#head.headers();
  }

  /** Closes the body: `await using response = await transport.roundTrip(…)`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.body.close();
    return Promise.resolve();
  }
}
