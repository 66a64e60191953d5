// The arguments of `fetch` as a request of this library's (fetch standard, "new Request", as far as it concerns HTTP).

import { invalidUrl } from "../request/invalid_url.ts";
import type { TransportRequest } from "../request/prepared_request.ts";
import { type EncodedBody, encodeFetchBody, encodeRequestBody } from "./fetch_body.ts";

const REDIRECT_MODES = ["follow", "manual", "error"] as const;

export type RedirectMode = typeof REDIRECT_MODES[number];

/** What `fetch` was asked for, in this library's words. */
export interface FetchRequest {
  readonly request: TransportRequest & { readonly signal: AbortSignal | undefined };
  readonly redirect: RedirectMode;
}

/** Uppercased whatever their case, unlike all others (fetch standard, "normalize a method"). */
const NORMALIZED_METHODS = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);

/**
 * The two arguments of `fetch`, read without a `Request` of the runtime's: those differ in the content types and the
 * lengths that they know. Throws the signal's reason where it has fired, and a `TypeError` where the standard does.
 */
export async function readFetchRequest(
  input: string | URL | Request,
  options: RequestInit | null | undefined,
): Promise<FetchRequest> {
  const init = options ?? {};
  const given = typeof input === "string" || input instanceof URL ? undefined : input;
  const address = given?.url ?? String(input);
  if (!URL.canParse(address)) throw new TypeError("fetch failed", { cause: invalidUrl(address) });
  const url = new URL(address);
  const method = normalizeMethod(init.method ?? given?.method ?? "GET");
  const headers = new Headers(init.headers ?? given?.headers);
  const signal = init.signal === undefined ? given?.signal : init.signal ?? undefined;
  const redirect = init.redirect ?? given?.redirect ?? "follow";
  if (!REDIRECT_MODES.includes(redirect)) throw new TypeError(`redirect is "follow", "manual" or "error"`);
  if ((method === "GET" || method === "HEAD") && (init.body ?? given?.body ?? null) !== null) {
    throw new TypeError(`a ${method} request has no body`);
  }
  if (signal?.aborted) throw signal.reason;

  let encoded: EncodedBody | undefined;
  if (init.body !== undefined && init.body !== null) encoded = await encodeFetchBody(init.body);
  else if (given !== undefined) encoded = await encodeRequestBody(given);
  if (encoded?.contentType && !headers.has("content-type")) headers.set("content-type", encoded.contentType);
  return {
    request: {
      method,
      url,
      headers: headers as Iterable<[string, string]>,
      body: encoded?.body,
      getBody: encoded?.getBody,
      contentLength: encoded?.contentLength,
      signal,
    },
    redirect,
  };
}

function normalizeMethod(method: string): string {
  const upper = method.toUpperCase();
  return NORMALIZED_METHODS.has(upper) ? upper : method;
}
