// The public library.

export { Transport } from "./transport/transport.ts";
export { DEFAULT_TRANSPORT_OPTIONS, type TlsOptions, type TransportOptions } from "./transport/options/options.ts";
export type { HeadersInput } from "./transport/request/header_pairs.ts";
export type { PreparedRequest, TransportRequest } from "./transport/request/prepared_request.ts";
export { type BodyChunk, type Carrier, Exchange } from "./transport/request/exchange.ts";
export type { Trailers } from "./http1/field_section.ts";
export type { ResponseHead } from "./http1/response_head.ts";
export type { Response } from "./transport/response/response.ts";
export type { ResponseBody } from "./transport/body/response_body.ts";
export { type Phase, type Side, TransportError, type TransportErrorInit } from "./transport/transport_error.ts";
export type { LeakReport } from "./transport/body/leak_watch.ts";
export type { ProxyOption } from "./transport/proxy/proxy.ts";
export type { RequestBody, StreamedBody, Upload } from "./transport/request/request_body.ts";
export type { Route } from "./transport/request/route.ts";
export type { Tunnel } from "./transport/body/tunnel.ts";
export type { ConnectInfo, DnsInfo, GotConnInfo, TlsHandshakeInfo, Trace } from "./transport/trace.ts";
export type { Census } from "./transport/census.ts";
export type { Traffic } from "./transport/http1/persistent_connection.ts";
export type { Counts } from "./transport/pool/pool.ts";
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
export type {
  BodyPolicy,
  ExpectPlan,
  FeederPlan,
  Flow,
  LoadPlan,
  Plan,
  RequestPlan,
  Stage,
  TargetPlan,
  TlsPlan,
  TransportPlan,
} from "./scenario/plan.ts";
export type { FeedRows, TemplateInputs } from "./scenario/template/scope.ts";
export type { Scenario } from "./scenario/scenario.ts";
export { parseScenario } from "./scenario/parse.ts";
export { UsageError } from "./scenario/usage_error.ts";
export { resolve } from "./scenario/resolve.ts";
export { parseTimestamps } from "./scenario/value/timestamps.ts";
export type { Schedule } from "./load/schedule/schedule.ts";
export { scheduleOf } from "./load/schedule/schedule_of.ts";
export { shard } from "./load/schedule/shard.ts";
export type { RunOptions } from "./load/run.ts";
export type { Pems, RunInputs } from "./load/run_inputs.ts";
export type { RequestAccount } from "./load/account/request_tally.ts";
export type { ControlCommand } from "./load/control_command.ts";
export type { RunControl } from "./load/run_control.ts";
export type { Progress } from "./load/progress.ts";
export type { Measurement, RunStart, RunState, StartPeakEnd, WorkerFigures } from "./load/measurement.ts";
export type { Observer, Second, StateSample } from "./load/observer.ts";
export type { Threshold } from "./scenario/value/threshold.ts";
export { load } from "./result/load.ts";
export { type Result, resultSchema } from "./result/result.ts";
