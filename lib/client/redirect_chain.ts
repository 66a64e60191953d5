// The state of one call through its redirects: what was sent, and what the next request takes along. No I/O, as in
// the loop of Go's `Client.do` without its round trips.

import type { TransportRequest } from "../transport/request/prepared_request.ts";
import type { Response } from "../transport/response/response.ts";
import { CarriedHeaders } from "./carried_headers.ts";
import { ClientError } from "./client_error.ts";
import { firstHop, type Hop } from "./hop.ts";
import {
  isAbsolute,
  mayHaveCredentials,
  redirectMethod,
  refererAfter,
  repeatsBody,
  resolveLocation,
} from "./redirect.ts";

/** The requests of one call, each led to by the redirect before: the loop of Go's `Client.do`, without its I/O. */
export class RedirectChain {
  /** Oldest first; the last is the current one. */
  readonly made: Hop[];
  readonly #carried: CarriedHeaders;
  /** Once on another host they stay away, also on the way back. */
  #credentialsDropped = false;
  /** Once a hop has none, no later one has. */
  #bodyDropped = false;

  constructor(request: TransportRequest, hasJar: boolean) {
    const first = firstHop(request);
    this.made = [first];
    this.#carried = new CarriedHeaders(first.headers, hasJar);
  }

  get current(): Hop {
    return this.made.at(-1)!;
  }

  /**
   * The hop that a response to the current one leads to; undefined: it is the answer. Rejects with a `ClientError` of
   * code badLocation, and with what the caller's `getBody` throws.
   */
  async next(response: Response): Promise<Hop | undefined> {
    const first = this.made[0]!;
    const current = this.current;
    const method = redirectMethod(response.status, current.method);
    if (method === undefined) return undefined;
    if (repeatsBody(response.status) && !isRepeatable(first)) return undefined;
    const [location] = response.headerValues("Location"); // of several Go takes the first
    if (!location) return undefined;
    const url = resolveLocation(location, current.url);
    if (url === undefined) {
      throw new ClientError("the Location is no URL", {
        code: "badLocation",
        response,
        location,
      });
    }

    if (!repeatsBody(response.status)) this.#bodyDropped = true;
    if (!mayHaveCredentials(first.url, url)) this.#credentialsDropped = true;
    this.#carried.replaceCookies(response.headerValues("Set-Cookie"));
    const headers = this.#carried.copy(this.#credentialsDropped, this.#bodyDropped);
    const referer = refererAfter(current.url, url, headers.get("Referer"));
    if (referer === undefined) headers.delete("Referer");
    else headers.set("Referer", referer);
    const host = isAbsolute(location) ? undefined : current.host;
    const bare = { method, url, headers, host, response };
    if (this.#bodyDropped) return { ...bare, body: undefined, getBody: undefined, contentLength: undefined };
    const { getBody, contentLength } = first;
    return { ...bare, body: getBody === undefined ? first.body : await getBody(), getBody, contentLength };
  }

  advance(hop: Hop): void {
    this.made.push(hop);
  }
}

/** Whether the body can be sent once more: text and bytes can, and whatever there is a fresh copy of. */
function isRepeatable({ body, getBody, contentLength }: Hop): boolean {
  return getBody !== undefined || body === undefined || contentLength === 0 ||
    typeof body === "string" || body instanceof Uint8Array;
}
