import type { Response } from "../transport/response/response.ts";

export interface ClientErrorInit {
  readonly code: string;
  /** The answer that the client would not go on from; its body is closed. */
  readonly response: Response;
  /** Where the redirect pointed, without userinfo; one that is no URL as it came. */
  readonly location: string;
  readonly cause?: unknown;
}

/**
 * A redirect that was not followed. What the network does wrong is a `TransportError`, here as everywhere.
 *
 * | code | meaning |
 * |---|---|
 * | tooManyRedirects | `maxRedirects` were followed, and one more came |
 * | redirectRefused | `checkRedirect` threw; `cause` is what |
 * | badLocation | the Location is no URL |
 */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly code: string;
  readonly response: Response;
  readonly location: string;

  constructor(message: string, init: ClientErrorInit) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.response = init.response;
    this.location = init.location;
  }
}
