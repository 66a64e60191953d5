// The public library.

export { Transport } from "./transport/transport.ts";
export { DEFAULT_TRANSPORT_OPTIONS, type TransportOptions } from "./transport/options.ts";
export type { HeadersInput, PreparedRequest, TransportRequest } from "./transport/prepared_request.ts";
export { type BodyChunk, Exchange } from "./transport/exchange.ts";
export type { Response } from "./transport/response.ts";
export type { ResponseBody } from "./transport/response_body.ts";
export { type Phase, type Side, TransportError } from "./transport/transport_error.ts";
export type { ConnectInfo, GotConnInfo, Trace } from "./transport/trace.ts";
export type { Census } from "./transport/census.ts";
export type { Address, Socket, SocketAdapter, SocketHandler } from "./socket/socket.ts";
export { type AdapterChoice, detectAdapter } from "./socket/detect.ts";
export type { Plan } from "./scenario/plan.ts";
export { resolve } from "./scenario/resolve.ts";
export { type Pems, type Run, runLoad, type RunOptions } from "./load/run.ts";
export { summarize } from "./report/summary.ts";
export { type Result, resultSchema } from "./report/result.ts";
