/// <reference lib="esnext.disposable" preserve="true" />
// `loadgen/transport`: the client library alone. Neither zod nor a histogram is loaded by it.

export { Transport } from "./transport/transport.ts";
export { DEFAULT_TRANSPORT_OPTIONS, type TlsOptions, type TransportOptions } from "./transport/options/options.ts";
export type { HeadersInput } from "./transport/request/header_pairs.ts";
export type { PreparedRequest, TransportRequest } from "./transport/request/prepared_request.ts";
export { type BodyChunk, Exchange } from "./transport/request/exchange.ts";
export type { Head, HeaderPair, Trailers } from "./transport/head.ts";
export type { Response } from "./transport/response/response.ts";
export type { BodyReader } from "./transport/body/body_queue.ts";
export type { ResponseBody } from "./transport/body/response_body.ts";
export { type Phase, type Side, TransportError, type TransportErrorInit } from "./transport/transport_error.ts";
export type { HeldBody } from "./transport/body/held_body.ts";
export type { LeakReport } from "./transport/body/leak_watch.ts";
export type { ProxyOption } from "./transport/proxy/proxy.ts";
export type { RequestBody } from "./transport/request/request_body.ts";
export type { Tunnel } from "./transport/body/tunnel.ts";
export type { ConnectInfo, DnsInfo, GotConnInfo, TlsHandshakeInfo, Trace } from "./transport/trace.ts";
export type { CloseReason } from "./transport/close_reason.ts";
export type { Census, Counts, Loops, Totals, Traffic } from "./transport/census.ts";
export type { Clock, Timer } from "./core/clock.ts";
export type { Pem, TlsCredentials, TlsSettings, TlsState } from "./socket/tls.ts";
export { type Resolver, systemResolver } from "./socket/resolver.ts";
export { SocketError } from "./socket/socket_error.ts";
export type { Address, Socket, SocketAdapter, SocketHandler } from "./socket/socket.ts";
export { type AdapterChoice, detectAdapter } from "./socket/detect.ts";
export { type CheckRedirect, Client, type ClientOptions } from "./client/client.ts";
export { ClientError, type ClientErrorInit } from "./client/client_error.ts";
export { CookieJar } from "./client/cookie_jar.ts";
export { fetch } from "./client/default_client.ts";
export type { HeaderList } from "./client/header_list.ts";
export type { Hop } from "./client/hop.ts";
export type { Fetch } from "./transport/fetch/fetch.ts";
