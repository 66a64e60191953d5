// One request of a chain of redirects, and how the first one is made from what a caller wrote.

import { basicAuthorization } from "../core/basic_authorization.ts";
import type { TransportRequest } from "../transport/request/prepared_request.ts";
import type { RequestBody } from "../transport/request/request_body.ts";
import type { Response } from "../transport/response/response.ts";
import type { CookieJar } from "./cookie_jar.ts";
import { HeaderList } from "./header_list.ts";

/** One request on the way to an answer: the caller's, or one that a redirect led to. */
export interface Hop {
  method: string;
  url: URL;
  /** Without Host, and without what the jar and the URL's userinfo add. */
  headers: HeaderList;
  /** In place of the URL's host on the wire. */
  host: string | undefined;
  body: RequestBody | undefined;
  getBody: (() => RequestBody | Promise<RequestBody>) | undefined;
  contentLength: number | undefined;
  /** The redirect that led here; undefined for the caller's own. */
  readonly response: Response | undefined;
}

/** The caller's request. Its URL parses. */
export function firstHop(request: TransportRequest): Hop {
  const headers = new HeaderList(request.headers);
  const host = headers.get("Host");
  headers.delete("Host");
  return {
    method: request.method ?? "GET",
    url: new URL(request.url),
    headers,
    host,
    body: request.body,
    getBody: request.getBody,
    contentLength: request.contentLength,
    response: undefined,
  };
}

/** What cookies are kept under: a caller's Host counts (Go's `cookieURL`). */
export function cookieUrl(hop: Hop): URL {
  if (hop.host === undefined) return hop.url;
  const url = new URL(hop.url);
  url.host = hop.host;
  return url;
}

/** The header fields as they go out. */
export function wireHeaders(hop: Hop, jar: CookieJar | undefined): HeaderList {
  const headers = new HeaderList(hop.headers);
  if (hop.host !== undefined) headers.set("Host", hop.host);
  if ((hop.url.username !== "" || hop.url.password !== "") && !headers.get("Authorization")) {
    headers.set("Authorization", basicAuthorization(`${unescape(hop.url.username)}:${unescape(hop.url.password)}`));
  }
  const cookies = jar?.cookiesFor(cookieUrl(hop)) ?? "";
  if (cookies !== "") {
    const given = headers.get("Cookie");
    headers.set("Cookie", given ? `${given}; ${cookies}` : cookies);
  }
  return headers;
}

/** A `%` that escapes nothing stands for itself. */
function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
