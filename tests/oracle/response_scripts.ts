// The responses that programs ask for. Each kind is a recipe; the dice decide its sizes and splits.

import { gzipSync } from "node:zlib";
import { patternText, type Script, type ServerAction } from "./program.ts";
import type { Random } from "./random.ts";

/** What a recipe must know of the request and the program. */
export interface Setting {
  readonly isHead: boolean;
  /** 0: the default of 10 MiB. */
  readonly maxResponseHeaderBytes: number;
}

type Recipe = (random: Random, setting: Setting) => Script;

/** What a kind of response does to a program, for the generator to choose by. */
export interface Kind {
  readonly name: string;
  readonly weight: number;
  /** The whole response comes by itself and leaves the connection fit for another request. */
  readonly steady?: boolean;
  /** Waits for `release`. */
  readonly held?: boolean;
  /** See `Script`. */
  readonly surplus?: boolean;
  /** The server says that it closes. */
  readonly closing?: boolean;
  /** Answers before it has read the request's body. */
  readonly early?: boolean;
  /** Not for HEAD: what follows the head would be surplus. */
  readonly bodyOnly?: boolean;
  /** Go before this minor version is more lenient, or words it differently. */
  readonly sinceGo?: number;
  readonly feature?: Feature;
  readonly recipe: Recipe;
}

export const FEATURES = ["streams", "continue", "upgrade", "gzip"] as const;
export type Feature = (typeof FEATURES)[number];

const send = (text: string): ServerAction => ({ do: "send", text });
const fill = (from: number, length: number): ServerAction => ({ do: "fill", from, length });
const GAP: ServerAction = { do: "gap" };
const HOLD: ServerAction = { do: "hold" };
const FIN: ServerAction = { do: "fin" };
const RST: ServerAction = { do: "rst" };

const LENGTHS = [[3, 0], [3, 1], [6, 5], [6, 2000], [2, 70_000], [1, 300_000]] as const;

function head(status: string, ...fields: readonly string[]): string {
  return [`HTTP/1.1 ${status}`, ...fields, "", ""].join("\r\n");
}

function script(name: string, ...actions: readonly ServerAction[]): Script {
  return { name, answerAt: "end", actions };
}

/** The same bytes in pieces of their own. */
function split(random: Random, text: string): ServerAction[] {
  const cuts = Array.from({ length: random.int(1, 4) }, () => random.int(0, text.length)).sort((a, b) => a - b);
  return [0, ...cuts].flatMap((from, i) => [GAP, send(text.substring(from, cuts[i] ?? text.length))]);
}

/** One of several raw responses. */
function oneOf(name: string, responses: readonly (readonly [what: string, text: string])[]): Recipe {
  return (random) => {
    const [what, text] = random.pick(responses);
    return script(`${name}: ${what}`, ...(random.chance(0.2) ? split(random, text) : [send(text)]));
  };
}

function chunk(from: number, length: number, extension = ""): string {
  return `${length.toString(16)}${extension}\r\n${patternText(from, length)}\r\n`;
}

/** Chunks, their end, and how many body bytes they carry. */
function chunks(random: Random): { readonly text: string; readonly length: number } {
  let length = 0;
  let text = "";
  for (let left = random.int(0, 4); left > 0; left--) {
    const size = random.weighted([[3, 1], [3, 5], [2, 36], [2, 700], [1, 5000], [1, 70_000]]);
    text += chunk(length, size, random.weighted([[5, ""], [1, ";a=b"], [1, ';name="a value"'], [1, "  "], [1, "\t"]]));
    length += size;
  }
  const trailers = random.weighted([[4, ""], [1, "X-Sum: 1\r\n"], [1, "X-A: 1\r\nX-B: two words\r\n"]]);
  return { text: `${text}${random.pick(["0", "000", "0;end"])}\r\n${trailers}\r\n`, length };
}

const CHUNKED = "Transfer-Encoding: chunked";
const five = "abcde";

const STEADY: readonly Kind[] = [
  {
    name: "length",
    weight: 10,
    recipe: (random, { isHead }) => {
      const length = random.weighted(LENGTHS);
      const start = send(head("200 OK", `Content-Length: ${length}`));
      return script(`length ${length}`, start, ...(isHead ? [] : [fill(0, length)]));
    },
  },
  {
    name: "split length",
    weight: 2,
    recipe: (random, { isHead }) =>
      script(
        "length, in pieces",
        ...split(random, head("200 OK", "Content-Length: 5", "X-A: b") + (isHead ? "" : five)),
      ),
  },
  {
    name: "chunked",
    weight: 6,
    recipe: (random, { isHead }) => {
      const { text, length } = chunks(random);
      const whole = head("200 OK", CHUNKED) + (isHead ? "" : text);
      if (random.chance(0.3)) return script("chunked, in pieces", ...split(random, whole));
      return script(`chunked ${length}`, send(whole));
    },
  },
  {
    name: "odd but valid",
    weight: 5,
    recipe: (random, { isHead }) => {
      const [what, text] = random.pick(
        [
          ["no reason", head("200", "Content-Length: 5")],
          ["odd case", head("200 OK", "cOnTeNt-LeNgTh:5", "x-MiXeD:   a  b  ")],
          ["tabs", head("200 OK", "Content-Length:\t5\t", "X-A:\tb")],
          ["empty value", head("200 OK", "X-Empty:", "Content-Length: 5")],
          [
            "several values",
            head("200 OK", "X-A: 1", "Content-Length: 5", "X-A: 2", "Set-Cookie: a=1", "Set-Cookie: b=2"),
          ],
          ["folded", head("200 OK", "X-Folded: one", "  two", "\tthree", "Content-Length: 5")],
          ["length twice", head("200 OK", "Content-Length: 5", "Content-Length: 5")],
          ["bare LF", head("200 OK", "Content-Length: 5").replaceAll("\r\n", "\n")],
          ["Latin-1", head("200 OK", "X-Name: caf\xe9", "Content-Length: 5")],
          ["keep-alive said", head("200 OK", "Connection: keep-alive", "Content-Length: 5")],
          ["leading zeroes", head("200 OK", "Content-Length: 005")],
          ["redirect", head("302 Found", "Location: /0", "Content-Length: 5")],
          ["error", head("500 Internal Server Error", "Content-Length: 5")],
          ["odd status", head("999 Odd", "Content-Length: 5")],
          ["HTTP/1.0 kept", head("200 OK", "Connection: keep-alive", "Content-Length: 5").replace("1.1", "1.0")],
          ["408 as an answer", head("408 Request Timeout", "Content-Length: 5")],
        ] as const,
      );
      return script(what, send(text + (isHead ? "" : five)));
    },
  },
  {
    name: "no body",
    weight: 4,
    recipe: oneOf("no body", [
      ["204", head("204 No Content")],
      ["204 with a length", head("204 No Content", "Content-Length: 5")],
      ["304", head("304 Not Modified")],
      ["304 with a length", head("304 Not Modified", "Content-Length: 5", 'ETag: "x"')],
      ["304 chunked", head("304 Not Modified", CHUNKED)],
      ["length 0", head("200 OK", "Content-Length: 0")],
    ]),
  },
  {
    name: "informational",
    weight: 3,
    recipe: (random, { isHead }) => {
      const early = Array.from(
        { length: random.int(1, 3) },
        () => head(random.pick(["100 Continue", "103 Early Hints", "102 Processing"]), "Link: </a>; rel=preload"),
      ).join("");
      const text = early + head("200 OK", "Content-Length: 5") + (isHead ? "" : five);
      return script("1xx first", ...(random.chance(0.5) ? split(random, text) : [send(text)]));
    },
  },
];

const HELD: readonly Kind[] = [
  {
    name: "held head",
    weight: 4,
    held: true,
    recipe: (random, { isHead }) => {
      const start = random.chance(0.3) ? [send("HTTP/1.1 20")] : [];
      const rest = head("200 OK", "Content-Length: 5").substring(start.length === 0 ? 0 : 11);
      return script("head held", ...start, HOLD, send(rest + (isHead ? "" : five)));
    },
  },
  {
    name: "held body",
    weight: 6,
    held: true,
    bodyOnly: true,
    recipe: (random) => {
      const length = random.weighted([[3, 5], [3, 2000], [1, 70_000]]);
      const first = random.int(1, Math.min(length - 1, 1500));
      return script(
        `body held at ${first} of ${length}`,
        send(head("200 OK", `Content-Length: ${length}`)),
        fill(0, first),
        HOLD,
        fill(first, length - first),
      );
    },
  },
  {
    name: "held chunks",
    weight: 4,
    held: true,
    bodyOnly: true,
    recipe: (random) => {
      const first = random.int(1, 1500);
      const [what, before, after] = random.pick([
        ["between chunks", chunk(0, first), `${chunk(first, 10)}0\r\n\r\n`],
        ["before the last chunk", chunk(0, first), "0\r\n\r\n"],
        ["in a chunk", chunk(0, first).slice(0, -3), `${chunk(0, first).slice(-3)}0\r\n\r\n`],
        ["in the last chunk", `${chunk(0, first)}0\r\n`, "X-A: 1\r\n\r\n"],
      ]);
      return script(`chunks held ${what}`, send(head("200 OK", CHUNKED)), send(before), HOLD, send(after));
    },
  },
  {
    name: "silence",
    weight: 1,
    held: true,
    recipe: (random) => script("no answer", HOLD, random.pick([FIN, RST])),
  },
];

const CLOSING: readonly Kind[] = [
  {
    name: "until close",
    weight: 3,
    closing: true,
    bodyOnly: true,
    recipe: (random) => {
      const length = random.weighted(LENGTHS);
      const start = random.pick([head("200 OK"), head("200 OK").replace("1.1", "1.0")]);
      return script(`until close, ${length}`, send(start), fill(0, length), FIN);
    },
  },
  {
    name: "said to close",
    weight: 3,
    closing: true,
    recipe: (random, { isHead }) => {
      const [what, text] = random.pick([
        ["close", head("200 OK", "Connection: close", "Content-Length: 5")],
        ["close in a list", head("200 OK", "Connection: x-a, Close", "Content-Length: 5")],
        ["HTTP/1.0", head("200 OK", "Content-Length: 5").replace("1.1", "1.0")],
        ["204 and close", head("204 No Content", "Connection: close")],
      ]);
      const body = isHead || text.includes(" 204 ") ? "" : five;
      return script(what, send(text + body), ...(random.chance(0.5) ? [FIN] : []));
    },
  },
  {
    name: "length and chunked",
    weight: 2,
    bodyOnly: true,
    recipe: (random) =>
      script(
        "both framings",
        send(head("200 OK", "Content-Length: 3", CHUNKED, "Connection: close") + chunks(random).text),
      ),
  },
  {
    name: "HTTP/1.0 chunked",
    weight: 1,
    bodyOnly: true,
    recipe: () =>
      script("HTTP/1.0 with chunked", send(head("200 OK", CHUNKED).replace("1.1", "1.0")), send("5\r\nabcde\r\n"), FIN),
  },
  {
    name: "101 unasked",
    weight: 1,
    recipe: () => script("101 without Upgrade", send(head("101 Switching Protocols"))),
  },
  {
    name: "surplus",
    weight: 3,
    surplus: true,
    bodyOnly: true,
    recipe: (random) => {
      const extra = random.pick(["x", head("200 OK", "Content-Length: 0"), "\r\n"]);
      const length = random.pick([0, 5]);
      return script(
        `length ${length} and bytes beyond it`,
        send(head("200 OK", `Content-Length: ${length}`) + five.substring(0, length) + extra),
      );
    },
  },
  {
    name: "FIN behind",
    weight: 3,
    surplus: true,
    recipe: (random, { isHead }) => {
      const length = random.pick([0, 5]);
      const text = head("200 OK", `Content-Length: ${length}`) + (isHead ? "" : five.substring(0, length));
      return script(`length ${length}, then FIN`, send(text), ...(random.chance(0.5) ? [GAP] : []), FIN);
    },
  },
  {
    name: "FIN behind chunks",
    weight: 1,
    surplus: true,
    bodyOnly: true,
    recipe: () => script("chunked, then FIN", send(head("200 OK", CHUNKED)), send(`${chunk(0, 5)}0\r\n\r\n`), FIN),
  },
];

const BROKEN: readonly Kind[] = [
  {
    name: "malformed head",
    weight: 5,
    recipe: oneOf("malformed", [
      ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n"],
      ["no code", "HTTP/1.1\r\n\r\n"],
      ["letters for a code", head("abc OK", "Content-Length: 5")],
      ["four digits", head("2000 OK", "Content-Length: 5")],
      ["lower-case protocol", head("200 OK").replace("HTTP", "http")],
      ["no version", "HTTP 200 OK\r\n\r\n"],
      ["no colon", head("200 OK", "nonsense")],
      ["a blank first field", head("200 OK", " X-A: b")],
      ["signed length", head("200 OK", "Content-Length: +5")],
      ["negative length", head("200 OK", "Content-Length: -5")],
      ["letters for a length", head("200 OK", "Content-Length: five")],
      ["hexadecimal length", head("200 OK", "Content-Length: 0x5")],
      ["length beyond 64 bits", head("200 OK", "Content-Length: 99999999999999999999")],
      ["lengths that differ", head("200 OK", "Content-Length: 5", "Content-Length: 6")],
      ["lengths in a list", head("200 OK", "Content-Length: 5, 5")],
      ["gzip, chunked", head("200 OK", "Transfer-Encoding: gzip, chunked")],
      ["identity", head("200 OK", "Transfer-Encoding: identity")],
      ["chunked twice", head("200 OK", CHUNKED, CHUNKED)],
      ["empty encoding", head("200 OK", "Transfer-Encoding:")],
      ["a trailer that frames", head("200 OK", CHUNKED, "Trailer: Content-Length")],
    ]),
  },
  {
    name: "malformed head, newer",
    weight: 1,
    sinceGo: 21,
    recipe: oneOf("malformed", [
      ["empty length", head("200 OK", "Content-Length:")],
      ["no name", head("200 OK", ": value")],
      ["NUL in a value", head("200 OK", "X-A: a\0b")],
      ["an umlaut in a name", head("200 OK", "X-\xe4: b")],
    ]),
  },
  {
    name: "malformed chunks",
    weight: 3,
    bodyOnly: true,
    recipe: (random) => {
      const [what, text] = random.pick([
        ["no hex", "xyz\r\nabcde\r\n0\r\n\r\n"],
        ["negative size", "-5\r\nabcde\r\n0\r\n\r\n"],
        ["size with 0x", "0x5\r\nabcde\r\n0\r\n\r\n"],
        ["size beyond 64 bits", "fffffffffffffffff\r\nabcde"],
        ["no CRLF behind data", "5\r\nabcdeXX0\r\n\r\n"],
        ["too little data", "6\r\nabcde\r\n0\r\n\r\n"],
        ["a chunk line of 5000", `5;${"x".repeat(5000)}\r\nabcde\r\n0\r\n\r\n`],
        ["a long trailer", `5\r\nabcde\r\n0\r\nX-Long: ${"y".repeat(5000)}\r\n\r\n`],
        ["a trailer without a colon", "5\r\nabcde\r\n0\r\nnonsense\r\n\r\n"],
      ]);
      return script(
        `chunks: ${what}`,
        send(head("200 OK", CHUNKED)),
        send(random.chance(0.5) ? chunk(0, 5) + text : text),
      );
    },
  },
  {
    name: "malformed chunks, newer",
    weight: 1,
    sinceGo: 25,
    bodyOnly: true,
    recipe: (random) => {
      const [what, text] = random.pick([
        ["empty size", "\r\nabcde\r\n0\r\n\r\n"],
        ["bare LF behind a size", "5\nabcde\r\n0\r\n\r\n"],
        ["CR in a size", "5\r;\r\nabcde\r\n0\r\n\r\n"],
        ["extensions without end", `${`1;${"x".repeat(900)}\r\na\r\n`.repeat(30)}0\r\n\r\n`],
      ]);
      return script(`chunks: ${what}`, send(head("200 OK", CHUNKED)), send(text));
    },
  },
  {
    name: "oversized head",
    weight: 2,
    recipe: (random, { isHead, maxResponseHeaderBytes }) => {
      const limit = maxResponseHeaderBytes || 5000;
      const bare = head("200 OK", "Content-Length: 5", "X-Long: ");
      const total = Math.max(bare.length, limit + random.pick([-100, -1, 0, 1, 2, 100]));
      const text = bare.replace("X-Long: ", `X-Long: ${"y".repeat(total - bare.length)}`);
      return script(`head of ${total}`, send(text + (isHead ? "" : five)));
    },
  },
  {
    name: "truncated",
    weight: 5,
    bodyOnly: true,
    recipe: (random) => {
      const [what, whole] = random.pick([
        ["length", head("200 OK", "Content-Length: 40", "X-A: b") + patternText(0, 40)],
        ["chunked", `${head("200 OK", CHUNKED)}${chunk(0, 20)}${chunk(20, 20)}0\r\nX-A: b\r\n\r\n`],
      ]);
      const at = random.int(0, whole.length - 1);
      const end = random.chance(0.3) ? RST : FIN;
      const before = at === 0 ? [] : [send(whole.substring(0, at))];
      return { ...script(`${what} cut at ${at} by ${end.do}`, ...before, end), cut: true };
    },
  },
  {
    name: "stale",
    weight: 4,
    bodyOnly: true,
    recipe: (random) => {
      const [what, ...actions] = random.pick<[string, ...ServerAction[]]>([
        ["FIN", FIN],
        ["RST", RST],
        ["part of a status line and FIN", send("HTTP/1.1 2"), FIN],
        ["half a head and FIN", send("HTTP/1.1 200 OK\r\nContent-Le"), FIN],
      ]);
      return {
        ...script(`${what} where the connection has served before`, send(head("200 OK", "Content-Length: 5") + five)),
        reusedActions: actions,
        cut: what.startsWith("half"),
      };
    },
  },
];

const EARLY: readonly Kind[] = [
  {
    name: "early",
    weight: 2,
    early: true,
    bodyOnly: true,
    recipe: (random) => {
      const length = random.pick([0, 5]);
      const answer = send(head("413 Too Large", `Content-Length: ${length}`) + five.substring(0, length));
      const name = `length ${length} before the request's body is read`;
      return { name, answerAt: "head", actions: [answer, HOLD, random.pick([{ do: "awaitBody" as const }, RST])] };
    },
  },
];

const LATER: readonly Kind[] = [
  {
    name: "continue",
    weight: 3,
    sinceGo: 23,
    feature: "continue",
    bodyOnly: true,
    recipe: (random) => {
      const last = send(head("200 OK", "Content-Length: 5") + five);
      const [what, ...actions] = random.pick<[string, ...ServerAction[]]>([
        ["100, then the rest", send(head("100 Continue")), { do: "awaitBody" }, last],
        ["200 without 100, body read", last, { do: "awaitBody" }],
        ["417 and close", send(head("417 Expectation Failed", "Connection: close", "Content-Length: 0")), FIN],
        ["nothing, then the rest", { do: "awaitBody" }, last],
        [
          "103, 100, the rest",
          send(head("103 Early Hints")),
          GAP,
          send(head("100 Continue")),
          { do: "awaitBody" },
          last,
        ],
      ]);
      return { name: what, answerAt: "head", actions };
    },
  },
  {
    name: "upgrade",
    weight: 3,
    feature: "upgrade",
    bodyOnly: true,
    recipe: (random) => {
      const text = head("101 Switching Protocols", "Connection: Upgrade", "Upgrade: echo");
      const greeting = random.pick(["", "hello"]);
      return script("101 to an echo", send(text + greeting), { do: "echo" });
    },
  },
  {
    name: "gzip",
    weight: 4,
    feature: "gzip",
    bodyOnly: true,
    recipe: (random) => {
      const packed = gzipSync(patternText(0, random.weighted(LENGTHS)));
      const [what, bytes] = random.pick<[string, Buffer]>([
        ["whole", packed],
        ["cut", packed.subarray(0, packed.length >> 1)],
        ["two bytes", packed.subarray(0, 2)],
        ["no gzip", Buffer.from(patternText(0, 100))],
        ["empty", Buffer.alloc(0)],
        ["twice", Buffer.concat([packed, packed])],
      ]);
      const encoding = what === "no gzip"
        ? ["Content-Encoding: gzip", "Connection: close"]
        : ["Content-Encoding: gzip"];
      const fields = [...encoding, `Content-Length: ${bytes.length}`];
      if (what === "no gzip" || random.chance(0.5)) {
        return script(`gzip, ${what}`, send(head("200 OK", ...fields)), {
          do: "raw",
          base64: bytes.toString("base64"),
        });
      }
      return script(
        `gzip in chunks, ${what}`,
        send(head("200 OK", ...encoding, CHUNKED)),
        ...(bytes.length === 0 ? [] : [
          send(`${bytes.length.toString(16)}\r\n`),
          { do: "raw" as const, base64: bytes.toString("base64") },
          send("\r\n"),
        ]),
        send("0\r\n\r\n"),
      );
    },
  },
];

export const KINDS: readonly Kind[] = [
  ...STEADY.map((kind) => ({ ...kind, steady: true })),
  ...HELD,
  ...CLOSING,
  ...BROKEN,
  ...EARLY,
  ...LATER,
];
