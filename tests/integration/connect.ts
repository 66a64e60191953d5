import type { Response } from "../../lib/transport/response/response.ts";
import { Transport } from "../../lib/transport/transport.ts";
import type { Nginx } from "./nginx.ts";

/** What these tests vary. */
export interface ConnectOptions {
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly insecure?: boolean;
    readonly servername?: string;
  };
  readonly proxy?: string;
}

/** A transport that trusts nginx's authority, but for what `options` say. */
export function connectTo(nginx: Nginx, options: ConnectOptions = {}): Transport {
  return new Transport({ dialTimeoutMs: 5000, tls: { ca: nginx.ca }, ...options });
}

/** Sends a GET and reads the body as text. */
export async function get(transport: Transport, url: string): Promise<{ response: Response; text: string }> {
  const response = await transport.roundTrip({ url });
  return { response, text: await response.body.text() };
}
