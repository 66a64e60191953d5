import type { TransportRequest } from "../../lib/transport/request/prepared_request.ts";
import type { Transport } from "../../lib/transport/transport.ts";

/** Sends a request and reads its response to the end. */
export async function get(transport: Transport, url: string, more: Partial<TransportRequest> = {}): Promise<string> {
  return await (await transport.roundTrip({ url, ...more })).body.text();
}

/** A request that failed, as its error. */
export async function failure(
  promise: Promise<unknown>,
): Promise<Error & { code: string; phase: string; side: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error & { code: string; phase: string; side: string };
  }
  throw new Error("it did not fail");
}

/** Lets everything run that is ready to: some turns of the event loop. */
export async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 1));
}
