import { type Histogram, HistogramLogReader, listTags } from "hdr-histogram-js";
import assert from "node:assert/strict";
import test from "node:test";
import { CLOCKS } from "../../lib/record/clocks.ts";
import type { Second } from "../../lib/load/observer.ts";
import { encodeSecond } from "../../lib/result/encoded_second.ts";
import { hlogHead, hlogLines, resultToHlog } from "../../lib/result/hlog.ts";
import { allFailedResult, cleanResult, emptyResult } from "../support/result_fixture.ts";
import { secondOf } from "../support/second_fixture.ts";

const START = new Date("2026-11-24T12:00:00.500Z");

function readAll(text: string): Histogram[] {
  const reader = new HistogramLogReader(text);
  const all: Histogram[] = [];
  for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) all.push(next);
  return all;
}

test("hlog: HdrHistogram's own reader finds each second under each tag, with its times and counts", () => {
  const seconds: Second[] = [secondOf(0, [300, 500_000]), secondOf(1, []), secondOf(2, [42], { lengthMs: 250 })];
  const text = hlogHead(START) + seconds.map((second) => hlogLines(encodeSecond(second))).join("");
  assert.deepEqual(listTags(text), [...CLOCKS]);
  const read = readAll(text);
  assert.equal(read.length, seconds.length * CLOCKS.length);
  assert.deepEqual(read.map(({ tag }) => tag), seconds.flatMap(() => [...CLOCKS]));
  const response = read.filter(({ tag }) => tag === "response");
  assert.deepEqual(response.map(({ totalCount }) => totalCount), [2, 0, 1]);
  assert.deepEqual(
    response.map(({ startTimeStampMsec, endTimeStampMsec }) => [startTimeStampMsec, endTimeStampMsec]),
    [0, 1000, 2000].map((at) => [START.getTime() + at, START.getTime() + (at === 2000 ? 2250 : at + 1000)]),
  );
  assert.equal(response[0]!.getValueAtPercentile(50), 300);
});

test("hlog: the head and the lines are as HistogramLogWriter writes them", () => {
  const [first, second, ...rest] = (hlogHead(START) + hlogLines(encodeSecond(secondOf(7, [1500])))).split("\n");
  assert.match(first!, /^#\[Logged by loadgen/);
  assert.equal(second, "#[Histogram log format version 1.3]");
  assert.deepEqual(rest.slice(0, 3), [
    "#[StartTime: 1795521600.500 (seconds since epoch), 2026-11-24T12:00:00.500Z]",
    "#[BaseTime: 1795521600.500 (seconds since epoch)]",
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
  ]);
  assert.match(rest[3]!, /^Tag=response,7\.000,1\.000,1\.500,HISTF[A-Za-z0-9+/]+=*$/);
});

test("hlog: a result's log has the whole run in one line for each latency", () => {
  for (const result of [cleanResult(), allFailedResult(), emptyResult()]) {
    const read = readAll(resultToHlog(result));
    assert.deepEqual(read.map(({ tag }) => tag), [...CLOCKS]);
    assert.deepEqual(read.map(({ totalCount }) => totalCount), CLOCKS.map((name) => result.latencyUs[name].count));
  }
});

test("hlog: a log that was cut off in mid-line is readable up to there", () => {
  const whole = hlogHead(START) + [0, 1].map((at) => hlogLines(encodeSecond(secondOf(at, [10])))).join("");
  const cut = whole.substring(0, whole.lastIndexOf("\n", whole.length - 2) + 1);
  assert.equal(readAll(cut).length, 2 * CLOCKS.length - 1);
});
