import type { Fetch } from "../transport/fetch/fetch.ts";
import { Client } from "./client.ts";

let client: Client | undefined;

/** The client behind `fetch`: made at first use, with the options of Go's `DefaultTransport`, and never closed. */
export function defaultClient(): Client {
  return client ??= new Client();
}

/** The standard `fetch`, over this library's transport. */
export const fetch: Fetch = (input, init) => defaultClient().fetch(input, init);
