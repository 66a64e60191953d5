// Generates well-formed responses together with what a reader must make of them.

import fc from "fast-check";

export interface GeneratedResponse {
  /** One character per byte. */
  readonly text: string;
  readonly answersHead: boolean;
  /** Ends with FIN, not by its framing. */
  readonly untilClose: boolean;
  readonly informational: readonly number[];
  readonly status: number;
  readonly fields: readonly (readonly [string, string])[];
  readonly body: string;
  readonly trailers: readonly (readonly [string, string])[];
}

function textOf(chars: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...chars), minLength, maxLength });
}

const lineEnd = fc.constantFrom("\r\n", "\r\n", "\r\n", "\n");
const name = textOf("ABCdefXYz019-_.!#$%&'*+^`|~", 1, 16).map((text) => `X-${text}`);
/** Stands for a fold: a line end and a blank on the wire, one space to the reader (RFC 9112 §5.2). */
const FOLD = "\u0100";

const line = textOf('abc XYZ\t,;:="/()<>[]{}\x80\xa0\xff', 0, 30).map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ""));
const value = fc.oneof(
  { weight: 6, arbitrary: line },
  {
    weight: 1,
    arbitrary: fc.tuple(line, fc.array(line.filter((text) => text !== ""), { minLength: 1, maxLength: 2 }))
      .map(([first, others]) => [first, ...others].join(FOLD)),
  },
);
const field = fc.tuple(name, value);
const blanks = textOf(" \t", 0, 2);
const reason = textOf("abc DEF\xe9", 0, 12);
const bytes = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 200,
});

const informationalHead = fc.record({
  status: fc.constantFrom(100, 102, 103, 150, 199),
  fields: fc.array(field, { maxLength: 2 }),
});

const chunk = fc.record({
  data: bytes.filter((text) => text.length > 0),
  upperCase: fc.boolean(),
  zeros: fc.nat({ max: 3 }),
  extension: fc.constantFrom("", "", ";a", ";a=b", ';a="b;c"'),
});

function section(
  fields: readonly (readonly [string, string])[],
  end: string,
  before: string,
  after: string,
): string {
  const wire = (text: string): string => text.replaceAll(FOLD, `${after}${end} ${before}`);
  return fields.map(([key, text]) => `${key}:${before}${wire(text)}${after}${end}`).join("") + end;
}

function unfolded(fields: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return fields.map(([key, text]) => [key, text.replaceAll(FOLD, " ").replace(/^ +/, "")]);
}

/** Any well-formed response: every framing, 1xx heads before it, both line ends, extensions, trailers. */
export const generatedResponse: fc.Arbitrary<GeneratedResponse> = fc.record({
  end: lineEnd,
  before: blanks,
  after: blanks,
  informational: fc.array(informationalHead, { maxLength: 2 }),
  status: fc.constantFrom(200, 201, 204, 206, 301, 304, 404, 500, 599, 999),
  reason,
  minor: fc.constantFrom(1, 1, 1, 0),
  answersHead: fc.constantFrom(false, false, false, true),
  fields: fc.array(field, { maxLength: 6 }),
  position: fc.nat(),
  framing: fc.constantFrom("length", "chunked", "untilClose"),
  body: bytes,
  chunks: fc.array(chunk, { maxLength: 6 }),
  trailers: fc.array(field, { maxLength: 3 }),
}).map((parts) => {
  // HTTP/1.0 has no chunks.
  const framing = parts.minor === 0 && parts.framing === "chunked" ? "length" : parts.framing;
  const bodiless = parts.answersHead || parts.status === 204 || parts.status === 304;
  const body = framing === "chunked" ? parts.chunks.map((each) => each.data).join("") : parts.body;
  const fields = [...parts.fields];
  const at = parts.position % (fields.length + 1);
  if (framing === "length") fields.splice(at, 0, ["Content-Length", String(body.length)]);
  if (framing === "chunked") fields.splice(at, 0, ["transfer-ENCODING", "chunked"]);

  let text = parts.informational.map((each) =>
    `HTTP/1.1 ${each.status} Wait${parts.end}` + section(each.fields, parts.end, parts.before, parts.after)
  ).join("");
  text += `HTTP/1.${parts.minor} ${parts.status} ${parts.reason}${parts.end}`;
  text += section(fields, parts.end, parts.before, parts.after);
  if (!bodiless && framing !== "chunked") text += body;
  if (!bodiless && framing === "chunked") {
    for (const each of parts.chunks) {
      const size = each.data.length.toString(16).padStart(each.zeros, "0");
      text += `${each.upperCase ? size.toUpperCase() : size}${each.extension}\r\n${each.data}\r\n`;
    }
    text += `0\r\n${section(parts.trailers, "\r\n", parts.before, parts.after)}`;
  }
  return {
    text,
    answersHead: parts.answersHead,
    untilClose: framing === "untilClose" && !bodiless,
    informational: parts.informational.map((each) => each.status),
    status: parts.status,
    fields: unfolded(fields),
    body: bodiless ? "" : body,
    trailers: bodiless || framing !== "chunked" ? [] : unfolded(parts.trailers),
  };
});

/** Bytes that look like a response in places: what generated ones become when parts are cut out, doubled or replaced. */
export const mutatedResponse: fc.Arbitrary<string> = fc.tuple(
  generatedResponse,
  fc.array(
    fc.record({
      at: fc.nat(),
      cut: fc.nat({ max: 20 }),
      put: fc.oneof(
        bytes,
        fc.constantFrom("\r", "\n", "\r\n", "\r\n\r\n", " ", "\t", ":", "0", "ffffffffffffffff", "\0", "chunked", ", "),
        fc.constantFrom(
          "Content-Length: 3\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Connection: close\r\n",
          "HTTP/1.1 200 OK\r\n",
        ),
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
).map(([response, edits]) =>
  edits.reduce((text, edit) => {
    const at = edit.at % (text.length + 1);
    return text.slice(0, at) + edit.put + text.slice(at + edit.cut);
  }, response.text)
);
