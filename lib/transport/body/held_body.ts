// What can be said of a body that holds its connection, worked out when somebody asks.

import { framesOf, withoutSecrets } from "./leak_watch.ts";

/** A body that was delivered, is neither at its end nor given up, and that nobody reads now. It holds its connection. */
export interface HeldBody {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** Since it was first left unread: mostly, since its head arrived. */
  readonly ageMs: number;
  /** That came on the wire and nobody took yet. What the system still has, and the server, is not counted. */
  readonly bytesHere: number;
  /** Of the call that made the request, its own frame first; undefined without `onLeak`, and for `send`. */
  readonly stack: string | undefined;
}

/** Of what a connection knows. `caller` is an error made where the request was. */
export function heldBodyOf(
  { method, url }: { readonly method: string; readonly url: string },
  caller: Error | undefined,
  facts: Pick<HeldBody, "status" | "ageMs" | "bytesHere">,
): HeldBody {
  return { method, url: withoutSecrets(url), ...facts, stack: caller && framesOf(caller) };
}
