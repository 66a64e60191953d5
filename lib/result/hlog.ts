// The interval histograms of a run as HdrHistogram's log, format 1.3 (HistogramLogWriter in HdrHistogram): what
// HistogramLogAnalyzer and HistogramLogProcessor read. Values are µs, times in the log seconds, its maxima ms.

import { CLOCKS } from "../record/clocks.ts";
import type { EncodedLatency, EncodedSecond } from "./encoded_second.ts";
import type { Result } from "./result.ts";

/** The comments that a log begins with, and its legend. The lines' times count from the run's start. */
export function hlogHead(startedAt: Date): string {
  const start = `${seconds(startedAt.getTime())} (seconds since epoch)`;
  return [
    "#[Logged by loadgen, values in microseconds]",
    "#[Histogram log format version 1.3]",
    `#[StartTime: ${start}, ${startedAt.toISOString()}]`,
    `#[BaseTime: ${start}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n',
  ].join("\n");
}

/** One line for each latency, each under its tag. */
export function hlogLines({ line, lengthMs, latencyUs }: EncodedSecond): string {
  return interval(line.second * 1000, lengthMs, latencyUs);
}

/** A result holds no intervals but the whole run: its log has one line for each latency. */
export function resultToHlog({ startedAt, durationMs, latencyUs }: Result): string {
  return hlogHead(new Date(startedAt)) + interval(0, durationMs, latencyUs);
}

function interval(startMs: number, lengthMs: number, latencyUs: EncodedSecond["latencyUs"]): string {
  return CLOCKS.map((tag) => `Tag=${tag},${seconds(startMs)},${seconds(lengthMs)},${maxAndHdr(latencyUs[tag])}\n`)
    .join("");
}

function maxAndHdr({ max, hdr }: EncodedLatency): string {
  return `${(max / 1000).toFixed(3)},${hdr}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
