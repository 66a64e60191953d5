import { build, decodeFromCompressedBase64, type Histogram, type JsHistogram } from "hdr-histogram-js";
import assert from "node:assert/strict";
import test from "node:test";
import { deflateSync } from "node:zlib";
import { latencyHistogram } from "../../lib/record/latency_recorder.ts";
import { readHdr, writeHdr } from "../../lib/result/hdr.ts";

function recorded(...values: readonly number[]): Histogram {
  const histogram = latencyHistogram(64);
  for (const value of values) histogram.recordValue(value);
  return histogram;
}

/** Every count with its index. */
function countsOf(histogram: Histogram): [index: number, count: number][] {
  const { countsArrayLength } = histogram as JsHistogram;
  return Array.from({ length: countsArrayLength }, (_, index): [number, number] => [
    index,
    (histogram as JsHistogram).getCountAtIndex(index),
  ]).filter(([, count]) => count > 0);
}

test("hdr: what the library writes is read as the library reads it, count by count", () => {
  const many = latencyHistogram(64);
  many.recordValueWithCount(1234, 2 ** 40);
  const all = latencyHistogram(64);
  for (let value = 0; value < 4000; value++) all.recordValueWithCount(value, value + 1);
  const samples = [recorded(), recorded(0), recorded(1), recorded(0, 0, 1, 2047, 2048, 3_600_000_000), many, all];
  for (const sample of samples) {
    const text = writeHdr(sample);
    const [ours, theirs] = [readHdr(text), decodeFromCompressedBase64(text, 64)];
    assert.deepEqual(countsOf(ours), countsOf(sample));
    assert.deepEqual(countsOf(ours), countsOf(theirs));
    assert.equal(ours.totalCount, sample.totalCount);
    assert.equal(ours.maxValue, theirs.maxValue);
    assert.equal(ours.minNonZeroValue, Math.min(theirs.minNonZeroValue, Number.MAX_SAFE_INTEGER));
  }
});

/** An encoded histogram with these bytes for counts; each field of its header may be changed. */
function forged(counts: readonly number[], header: { digits?: number; highest?: bigint } = {}): string {
  const { digits = 3, highest = 3_600_000_000n } = header;
  const inner = Buffer.alloc(40 + counts.length);
  inner.writeUInt32BE(0x1c849313, 0);
  inner.writeUInt32BE(counts.length, 4);
  inner.writeUInt32BE(digits, 12);
  inner.writeBigUInt64BE(1n, 16);
  inner.writeBigUInt64BE(highest, 24);
  inner.writeBigUInt64BE(1n, 32);
  inner.set(counts, 40);
  return enveloped(inner);
}

function enveloped(inner: Uint8Array): string {
  const compressed = deflateSync(inner);
  const envelope = Buffer.alloc(8);
  envelope.writeUInt32BE(0x1c849314, 0);
  envelope.writeUInt32BE(compressed.length, 4);
  return Buffer.concat([envelope, compressed]).toString("base64");
}

test("hdr: what was forged to cost time or memory is refused at once", () => {
  assert.equal(readHdr(forged([2, 1, 4])).totalCount, 3, "the forger's own work is read where it is honest");
  const cases: Record<string, string> = {
    "a bomb": enveloped(new Uint8Array(64 * 1024 * 1024)),
    "counts beyond the last value": forged([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 2]),
    "a count that does not end": forged([0x80, 0x80]),
    "a count of ten bytes": forged([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]),
    "a counts array of gigabytes": forged([2], { digits: 5, highest: 2n ** 62n }),
    "no digits": forged([2], { digits: 0 }),
    "a highest value that is none": forged([2], { highest: 0n }),
    "nothing": "",
    "no base64": "\u0000\u0001",
    "a cut text": forged([2, 1, 4]).substring(0, 30),
    "a text of megabytes": "A".repeat(5 * 1024 * 1024),
    "an envelope without contents": Buffer.from("1c84931400000000", "hex").toString("base64"),
  };
  for (const [name, text] of Object.entries(cases)) assert.throws(() => readHdr(text), Error, name);
});

test("hdr: a histogram of other digits is read as well", () => {
  const coarse = build({ highestTrackableValue: 1_000_000, numberOfSignificantValueDigits: 2 });
  coarse.recordValue(777);
  assert.equal(readHdr(writeHdr(coarse)).getValueAtPercentile(100), coarse.getValueAtPercentile(100));
});
