import { encodeIntoCompressedBase64 as encode } from "hdr-histogram-js";
import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import { latencyHistogram, LatencyRecorder, recordSpanMs } from "../../lib/record/latency_recorder.ts";
import { collectRounds } from "../support/collect_garbage.ts";

async function retainedBytes(): Promise<number> {
  await collectRounds(3);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test("latency recorder: two million latencies take no more memory than two thousand", async () => {
  const recorder = new LatencyRecorder();
  const record = (count: number) => {
    for (let i = 0; i < count; i++) {
      recorder.recordMs((i % 7919) * 1.37);
      if (i % 10_000 === 0) recorder.fold();
    }
    recorder.fold();
  };
  record(2_000);
  const before = await retainedBytes();
  record(2_000_000);
  const grown = await retainedBytes() - before;
  assert.equal(recorder.total.totalCount, 2_002_000);
  assert.ok(grown < 2_000_000, `${grown} bytes more: a byte a request would be two million`);
});

test("latency recorder: the intervals add up to the total, and fold empties them", () => {
  const recorder = new LatencyRecorder();
  for (const ms of [0.4, 1, 1, 300]) recorder.recordMs(ms);
  assert.deepEqual([recorder.interval.totalCount, recorder.total.totalCount], [4, 0]);
  recorder.fold();
  assert.deepEqual([recorder.interval.totalCount, recorder.total.totalCount], [0, 4]);
  recorder.recordMs(-1);
  recorder.recordMs(Infinity);
  recorder.fold();
  assert.equal(recorder.total.totalCount, 6);
  assert.equal(recorder.total.getValueAtPercentile(0), 0);
  assert.equal(recorder.total.maxValue, 3_600_000_000, "an hour is the longest that is told apart");
});

test("latency recorder: rows of one value count as often as they came, whoever looks meanwhile", () => {
  const recorder = new LatencyRecorder();
  const expected = latencyHistogram();
  for (const ms of [7, 7, 7, 0.5, 7, 9, 9, 2.048, 2.048, -1, -1, Infinity, Infinity, 1e9, 7, 7]) {
    for (let i = 0; i < 3; i++) {
      recorder.recordMs(ms);
      recordSpanMs(expected, ms);
    }
    assert.equal(encode(recorder.interval), encode(expected), `${ms} ms`);
  }
  recorder.fold();
  recorder.recordMs(7);
  assert.deepEqual([recorder.interval.totalCount, recorder.total.totalCount], [1, expected.totalCount]);
});

test("latency recorder: a fold is the histogram's own add and reset, however often, and whatever the values", () => {
  const recorder = new LatencyRecorder();
  const [total, interval] = [latencyHistogram(64), latencyHistogram()];
  for (let second = 0; second < 5; second++) {
    for (let i = 0; i < 500; i++) {
      const ms = second === 3 ? 0 : (i * i * 7919 * (second + 1) % 1_000_003) / 9.7;
      recorder.recordMs(ms);
      recordSpanMs(interval, ms);
    }
    assert.equal(encode(recorder.interval), encode(interval));
    total.add(interval);
    interval.reset();
    recorder.fold();
    assert.equal(encode(recorder.total), encode(total));
    assert.deepEqual(
      [recorder.total.maxValue, recorder.total.minNonZeroValue, recorder.total.mean],
      [total.maxValue, total.minNonZeroValue, total.mean],
    );
    assert.equal(recorder.interval.minNonZeroValue, interval.minNonZeroValue);
  }
});

test("latency recorder: more of one value than 32 bits count are counted", () => {
  const recorder = new LatencyRecorder();
  for (let i = 0; i < 3; i++) {
    recorder.interval.recordValueWithCount(500, 2 ** 30);
    recorder.fold();
  }
  assert.equal(recorder.total.totalCount, 3 * 2 ** 30);
  assert.equal(recorder.total.getValueAtPercentile(99), 500);
});

test("latency recorder: however short a value, it is counted where a histogram of its own would have it", () => {
  const recorder = new LatencyRecorder();
  const expected = latencyHistogram();
  const spansMs = [0, 0.0004, 0.001, 0.7, 2.047, 2.0474, 2.0476, 2.048, 2.049, 2.05, 40, -0.3];
  for (const [i, spanMs] of spansMs.entries()) {
    for (let times = 0; times <= i; times++) {
      recorder.recordMs(spanMs);
      recordSpanMs(expected, spanMs);
    }
    if (i === 5) assert.equal(recorder.interval.totalCount, 21, "looking takes nothing away");
  }
  assert.equal(encode(recorder.interval), encode(expected));
  recorder.fold();
  assert.deepEqual([recorder.interval.totalCount, recorder.total.totalCount], [0, expected.totalCount]);
  assert.equal(recorder.total.minNonZeroValue, 1);
});
