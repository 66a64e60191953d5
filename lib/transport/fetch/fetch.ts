// The standard `fetch` over a transport or a client: reading its arguments, making its response and naming its errors are
// the files beside this one.

import { callerOf } from "../body/leak_watch.ts";
import type { TransportRequest } from "../request/prepared_request.ts";
import type { Response } from "../response/response.ts";
import { TransportError } from "../transport_error.ts";
import { readFetchRequest, type RedirectMode } from "./fetch_request.ts";
import { standardResponse } from "./fetch_response.ts";
import { StreamBody } from "./fetch_stream_body.ts";

/**
 * The standard `fetch`: resolves when the head has arrived. As everywhere in this library, a body that is neither read
 * nor cancelled holds its connection: nothing is read before somebody asks for it.
 *
 * Of the init it heeds method, headers, body, signal and redirect; browsers' policies (mode, credentials, cache,
 * integrity) have no part in it. Header names that browsers forbid are sent. gzip is asked for and undone; with an
 * Accept-Encoding of the caller's own the body comes as the server sends it, as in Go.
 *
 * Rejects with the signal's reason where it fired, else with a `TypeError` whose `cause` is the library's own error.
 */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<globalThis.Response>;

/** A response, and whether redirects were followed on the way to it. */
export interface FetchAnswer {
  readonly response: Response;
  readonly redirected: boolean;
}

/** A `fetch` over `send`, which follows redirects in the mode "follow" at most. */
export function createFetch(
  owner: { readonly capturesCallers: boolean },
  send: (request: TransportRequest, redirect: RedirectMode) => Promise<FetchAnswer>,
): Fetch {
  return async function fetch(input, init) {
    const caller = owner.capturesCallers ? callerOf(fetch) : undefined;
    const { request, redirect } = await readFetchRequest(input, init);
    const { method, signal } = request;
    let answer: FetchAnswer;
    try {
      answer = await send({ ...request, caller }, redirect);
      refuseUnwanted(answer.response, redirect);
    } catch (error) {
      if (request.body instanceof StreamBody) request.body.cancel(error);
      throw fetchError(error, signal, "fetch failed");
    }
    return standardResponse(answer.response, {
      bodyless: method === "HEAD",
      redirected: answer.redirected,
      signal,
      bodyError: (error) => fetchError(error, signal, "terminated"),
    });
  };
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What the standard makes a network error: a redirect in the mode "error", and a change of protocol. */
function refuseUnwanted({ status, body }: Response, redirect: RedirectMode): void {
  if (status >= 200 && !(redirect === "error" && REDIRECTS.has(status))) return;
  body.close();
  const code = status >= 200 ? "unexpectedRedirect" : "unexpectedUpgrade";
  throw new TransportError(`unexpected status ${status}`, { code, side: "remote", phase: "head" });
}

/** The messages are those of Node's `fetch`, which retrying libraries go by. */
function fetchError(error: unknown, signal: AbortSignal | undefined, message: string): unknown {
  const aborted = signal?.aborted && error instanceof TransportError && error.code === "canceled";
  return aborted ? signal.reason : new TypeError(message, { cause: error });
}
