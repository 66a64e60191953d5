/// <reference lib="esnext.disposable" preserve="true" />
// `loadgen`: the whole library.

export * from "./report.ts";
export * from "./transport.ts";
export type {
  BodyPolicy,
  ClientName,
  ExpectPlan,
  FeederPlan,
  Flow,
  LoadPlan,
  Pacing,
  Plan,
  RequestPlan,
  SocketChoice,
  Stage,
  TargetPlan,
  TlsPlan,
  TransportPlan,
} from "./scenario/plan.ts";
export type { FeedRows, TemplateInputs } from "./scenario/template/scope.ts";
export type { Scenario } from "./scenario/scenario.ts";
export { parseScenario } from "./scenario/parse.ts";
export { resolve } from "./scenario/resolve.ts";
export { parseTimestamps } from "./scenario/value/timestamps.ts";
export type { Schedule } from "./load/schedule/schedule.ts";
export { scheduleOf } from "./load/schedule/schedule_of.ts";
export type { RunOptions } from "./load/run.ts";
export type { Pems, RunInputs } from "./load/run_inputs.ts";
export type { RequestAccount } from "./load/account/request_tally.ts";
export type { ControlCommand } from "./load/control_command.ts";
export type { RunControl } from "./load/run_control.ts";
export type { Progress, ProgressPhase } from "./load/progress.ts";
export type {
  Inventory,
  Measurement,
  RunStart,
  RunState,
  SocketCount,
  SocketCounts,
  SocketName,
  WorkerFigures,
} from "./load/measurement.ts";
export type { Observer, Second } from "./load/observer.ts";
export type { Slopes, StateSample } from "./load/slopes.ts";
export { type ClockName, CLOCKS, type Clocks } from "./record/clocks.ts";
export type { EachMeasure, FootprintRanges, ToldFootprint } from "./record/footprint.ts";
export type { ProcessSample } from "./record/process_sampler.ts";
export type { RuntimeInfo } from "./record/runtime_info.ts";
export type { StartPeakEnd } from "./record/start_peak_end.ts";
export type { RequestCounts } from "./load/account/account.ts";
export type { Block } from "./load/account/blocks.ts";
export type { PackedHistogram } from "./record/packed_histogram.ts";
export type { Limit } from "./load/account/limit.ts";
export type { SeriesLine } from "./load/account/series.ts";
export type { Ending } from "./load/ending.ts";
export { load } from "./result/load.ts";
