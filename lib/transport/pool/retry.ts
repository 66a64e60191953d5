import type { Exchange } from "../request/exchange.ts";
import type { Loss } from "./connection.ts";

/** Whether a request that lost its connection may go out again on another: Go's `shouldRetryRequest`. */
export function mayRetry({ request, upload }: Exchange, loss: Loss, reused: boolean): boolean {
  if (!reused) return false;
  if (loss === "nothingWritten") return upload === undefined || request!.streamedBody?.getBody !== undefined;
  return loss === "firstByteRead" && request!.replayable;
}
