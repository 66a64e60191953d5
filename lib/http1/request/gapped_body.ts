// The body of a request that differs from one sending to the next, as HTTP/1.1 frames it: text in UTF-8 behind its length.

import { decodeLatin1 } from "../../core/bytes.ts";
import { constantLength, type GappedPart } from "../../core/gapped_bytes.ts";
import { type GappedText, gapsOf, partsOf } from "../../core/gapped_text.ts";
import type { RequestFraming } from "./request_writer.ts";

const ENCODER = new TextEncoder();

/**
 * A body of text with gaps, for HTTP/1.1: it goes out in UTF-8, behind its length. What fills the gaps of a message with
 * such a body is the request's values, the body's length, and the body's values in UTF-8.
 */
export class GappedBody {
  /** Its gaps are numbered behind the request's values and the length. */
  readonly parts: readonly GappedPart[];
  readonly framing: RequestFraming;
  /** Which values fill the gaps, one after the other. */
  readonly #gaps: readonly number[];
  readonly #constantLength: number;
  readonly #values: number;
  /** Used again for each sending. */
  readonly #filling: string[];

  /** `values`: how many the request has. */
  constructor(text: GappedText, values: number) {
    let next = values;
    this.parts = partsOf(text).map((part) => typeof part === "string" ? ENCODER.encode(part) : next += 1);
    this.framing = { kind: "lengthGap", value: values };
    this.#gaps = gapsOf(text);
    this.#constantLength = constantLength(this.parts);
    this.#values = values;
    this.#filling = new Array<string>(values + 1 + this.#gaps.length).fill("");
  }

  /** What fills head and body, until the next call. */
  filling(values: readonly string[]): readonly string[] {
    const filling = this.#filling;
    const lengthAt = this.#values;
    for (let i = 0; i < lengthAt; i++) filling[i] = values[i]!;
    let length = this.#constantLength;
    for (let i = 0; i < this.#gaps.length; i++) {
      const text = inUtf8(values[this.#gaps[i]!]!);
      length += text.length;
      filling[lengthAt + 1 + i] = text;
    }
    filling[lengthAt] = String(length);
    return filling;
  }
}

// deno-lint-ignore no-control-regex
const ASCII = /^[\x00-\x7f]*$/;

/** Text as UTF-8, one character per byte. */
function inUtf8(text: string): string {
  return ASCII.test(text) ? text : decodeLatin1(ENCODER.encode(text));
}
