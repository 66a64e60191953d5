// HdrHistogram's V2 compressed encoding, base64, read from a file that anybody may have written: HdrHistogram-js trusts
// the lengths and counts of zeros in it, which may ask for hours of work and gigabytes of memory.

import { build, encodeIntoCompressedBase64, type Histogram, type JsHistogram } from "hdr-histogram-js";
import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";

/** As HdrHistogram's V2EncodingCookieBase and V2CompressedEncodingCookieBase, with the word size bit. */
const COOKIE = 0x1c849313;
const COMPRESSED_COOKIE = 0x1c849314;

/** Cookie and length of what is compressed. */
const ENVELOPE_BYTES = 8;

/** Cookie, payload length, index offset, digits, lowest and highest value, conversion ratio. */
const HEADER_BYTES = 40;

/** A histogram of three digits up to 2⁵³ has 45,056 counts, of at most nine bytes each. */
const MOST_BYTES = 512 * 1024;
const MOST_DIGITS = 3;

/** A count of 2⁵⁶ or more is none that was counted. */
const MOST_COUNT_BYTES = 8;

export function writeHdr(histogram: Histogram): string {
  return encodeIntoCompressedBase64(histogram);
}

/** Throws an `Error` unless it is a histogram of one to three significant digits. */
export function readHdr(text: string): JsHistogram {
  if (text.length > MOST_BYTES) throw new Error("hdr: too long");
  const compressed = Buffer.from(text, "base64");
  if (compressed.length < ENVELOPE_BYTES || compressed.readUInt32BE(0) !== COMPRESSED_COOKIE) {
    throw new Error("hdr: not V2, compressed");
  }
  const bytes = Buffer.from(inflateSync(compressed.subarray(ENVELOPE_BYTES), { maxOutputLength: MOST_BYTES }));
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(0) !== COOKIE) throw new Error("hdr: not V2");
  const digits = bytes.readUInt32BE(12);
  const highest = Number(bytes.readBigUInt64BE(24));
  if (digits < 1 || digits > MOST_DIGITS || highest > Number.MAX_SAFE_INTEGER) {
    throw new Error("hdr: other digits or values");
  }
  const histogram = build({
    bitBucketSize: 64,
    lowestDiscernibleValue: Number(bytes.readBigUInt64BE(16)),
    highestTrackableValue: highest,
    numberOfSignificantValueDigits: digits as 1 | 2 | 3,
    autoResize: false,
    useWebAssembly: false,
  }) as JsHistogram;
  readCounts(bytes.subarray(HEADER_BYTES), histogram);
  return histogram;
}

/** ZigZag LEB128: a count for each index in turn; a negative one skips as many indices. */
function readCounts(bytes: Uint8Array, histogram: JsHistogram): void {
  let index = 0;
  for (let at = 0; at < bytes.length;) {
    let word = 0;
    let shift = 0;
    for (let more = true; more; shift++) {
      if (shift === MOST_COUNT_BYTES || at === bytes.length) throw new Error("hdr: a count is damaged");
      const byte = bytes[at++]!;
      word += (byte & 0x7f) * 128 ** shift;
      more = byte >= 0x80;
    }
    if (word % 2 === 1) {
      index += (word + 1) / 2;
    } else {
      if (index >= histogram.countsArrayLength) throw new Error("hdr: more counts than values");
      if (word > 0) histogram.recordValueWithCount(histogram.valueFromIndex(index), word / 2);
      index += 1;
    }
  }
  if (histogram.totalCount > 0) histogram.maxValue = histogram.highestEquivalentValue(histogram.maxValue);
}
