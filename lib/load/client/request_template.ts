// A request that differs from one sending to the next: encoded once, with gaps that each sending fills.

import { decodeLatin1, encodeLatin1 } from "../../core/bytes.ts";
import type { CompiledRequest, CompiledText } from "../../scenario/template/compile.ts";
import type { Iteration, Source } from "../../scenario/template/scope.ts";
import type { PreparedRequest, TransportRequest } from "../../transport/request/prepared_request.ts";

type Prepare = (request: TransportRequest) => PreparedRequest;

const ENCODER = new TextEncoder();

/**
 * Renders one request. The transport itself encodes it, once, with a mark in each gap; a sending copies the bytes between
 * the marks and puts its values there. Every value is safe where it stands: compiling saw to that.
 */
export class RequestTemplate {
  readonly #prepared: PreparedRequest;
  readonly #sources: readonly Source[];
  /** What fills the gaps of the sending under way; the last one is the body's length. */
  readonly #values: string[];
  readonly #bytes: GappedBytes;
  readonly #laterBody: GappedBytes | undefined;
  /** Which sources stand in the body, and the bytes between them. */
  readonly #firstInBody: number;
  readonly #bodyLength: number;

  constructor({ plan, url, headers, body }: CompiledRequest, prepare: Prepare) {
    const marks = new Marks();
    const request = {
      method: plan.method,
      url: marks.mark(url),
      headers: headers.map(([name, value]) => [name, marks.mark(value)] as const),
    };
    this.#firstInBody = marks.sources.length;
    this.#prepared = prepare({ ...request, body: marks.mark(body.map(inUtf8)) });
    this.#sources = marks.sources;
    this.#values = new Array<string>(marks.sources.length + 1).fill("");
    this.#bodyLength = body.reduce(
      (sum, part) => sum + (typeof part === "string" ? ENCODER.encode(part).length : 0),
      0,
    );
    const text = decodeLatin1(this.#prepared.bytes);
    const head = text.slice(0, text.indexOf("\r\n\r\n"));
    const gappedHead = this.#firstInBody === marks.sources.length
      ? head
      : head.replace(/\r\nContent-Length: \d+/, `\r\nContent-Length: ${marks.at(marks.sources.length)}`);
    this.#bytes = new GappedBytes(marks.split(gappedHead + text.slice(head.length)));
    const { laterBody } = this.#prepared;
    this.#laterBody = laterBody === undefined ? undefined : new GappedBytes(marks.split(decodeLatin1(laterBody)));
  }

  /** The request as this iteration has it; its bytes are its own. */
  render(iteration: Iteration): PreparedRequest {
    const values = this.#values;
    let bodyLength = this.#bodyLength;
    for (let i = 0; i < this.#sources.length; i++) {
      const value = this.#sources[i]!(iteration);
      values[i] = value;
      if (i >= this.#firstInBody) bodyLength += value.length;
    }
    values[this.#sources.length] = String(bodyLength);
    return new RenderedRequest(this.#prepared, this.#bytes.fill(values), this.#laterBody?.fill(values));
  }
}

/** A body's value as text of one character per byte, like all the others. */
function inUtf8(part: string | Source): string | Source {
  if (typeof part === "string") return part;
  return (iteration) => {
    const value = part(iteration);
    return ASCII.test(value) ? value : decodeLatin1(ENCODER.encode(value));
  };
}

// deno-lint-ignore no-control-regex
const ASCII = /^[\x00-\x7f]*$/;

/** Words that stand for sources while the transport encodes: letters and digits, which no encoding changes. */
class Marks {
  readonly sources: Source[] = [];
  readonly #word = `gap${crypto.randomUUID().replaceAll("-", "")}x`;

  mark(text: CompiledText): string {
    return text.map((part) => {
      if (typeof part === "string") return part;
      this.sources.push(part);
      return this.at(this.sources.length - 1);
    }).join("");
  }

  at(index: number): string {
    return `${this.#word}${index}x`;
  }

  /** Text, index, text, index … text. */
  split(text: string): string[] {
    return text.split(new RegExp(`${this.#word}(\\d+)x`));
  }
}

/** Constant bytes with gaps. */
class GappedBytes {
  readonly #constants: readonly Uint8Array[];
  /** Which value goes into the gap behind each of the constants but the last. */
  readonly #gaps: readonly number[];
  readonly #length: number;

  constructor(pieces: readonly string[]) {
    this.#constants = pieces.filter((_, index) => index % 2 === 0).map(encodeLatin1);
    this.#gaps = pieces.filter((_, index) => index % 2 === 1).map(Number);
    this.#length = this.#constants.reduce((sum, { length }) => sum + length, 0);
  }

  fill(values: readonly string[]): Uint8Array {
    let length = this.#length;
    for (let i = 0; i < this.#gaps.length; i++) length += values[this.#gaps[i]!]!.length;
    const bytes = takeBytes(length);
    let at = 0;
    for (let i = 0; i < this.#constants.length; i++) {
      const constant = this.#constants[i]!;
      bytes.set(constant, at);
      at += constant.length;
      if (i === this.#gaps.length) break;
      const value = values[this.#gaps[i]!]!;
      for (let j = 0; j < value.length; j++) bytes[at + j] = value.charCodeAt(j);
      at += value.length;
    }
    return bytes;
  }
}

/** Requests are cut from slabs: a view of one costs a fraction of an array of its own. */
const SLAB_BYTES = 64 * 1024;

let slab = new Uint8Array(0);
let taken = 0;

/** Bytes that nobody else has: a request may wait in a socket's queue, or be sent again, long after the next is rendered. */
function takeBytes(length: number): Uint8Array {
  if (length > SLAB_BYTES / 8) return new Uint8Array(length);
  if (taken + length > slab.length) {
    slab = new Uint8Array(SLAB_BYTES);
    taken = 0;
  }
  const bytes = slab.subarray(taken, taken + length);
  taken += length;
  return bytes;
}

/** The prepared request with other bytes. Its URL is the template's: it is for messages, and knows no row of a feeder. */
class RenderedRequest implements PreparedRequest {
  readonly method: PreparedRequest["method"];
  readonly url: PreparedRequest["url"];
  readonly isHead: PreparedRequest["isHead"];
  readonly route: PreparedRequest["route"];
  readonly bytes: Uint8Array;
  readonly laterBody: Uint8Array | undefined;
  readonly streamedBody: undefined = undefined;
  readonly close: PreparedRequest["close"];
  readonly expectsContinue: PreparedRequest["expectsContinue"];
  readonly pipelinable: PreparedRequest["pipelinable"];
  readonly asksGzip: PreparedRequest["asksGzip"];
  readonly replayable: PreparedRequest["replayable"];

  constructor(prepared: PreparedRequest, bytes: Uint8Array, laterBody: Uint8Array | undefined) {
    this.method = prepared.method;
    this.url = prepared.url;
    this.isHead = prepared.isHead;
    this.route = prepared.route;
    this.bytes = bytes;
    this.laterBody = laterBody;
    this.close = prepared.close;
    this.expectsContinue = prepared.expectsContinue;
    this.pipelinable = prepared.pipelinable;
    this.asksGzip = prepared.asksGzip;
    this.replayable = prepared.replayable;
  }
}
