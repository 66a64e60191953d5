// The far end of a fake socket: it reads requests and answers each as its path says, `/<id>/<answer>`.

import assert from "node:assert/strict";
import { decodeLatin1 } from "../../lib/core/bytes.ts";
import type { Inbound } from "./fake_network.ts";

/** What a server does to a request, and what a client that reads to the end must get; no body: no good end is possible. */
export interface Answer {
  inbound(id: string): readonly Inbound[];
  readonly body?: (id: string) => string;
  /** It does not wait for the request's body. */
  readonly early?: boolean;
  /** The client has to close the connection. */
  readonly last?: boolean;
}

const bytes = (text: string): Inbound => ({ bytes: text });
const ok = (fields: string): string => `HTTP/1.1 200 OK\r\n${fields}\r\n`;
const whole = (id: string): string => ok(`Content-Length: ${id.length + 6}\r\n`) + `body ${id}.`;
const wholeBody = (id: string): string => `body ${id}.`;
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

export const ANSWERS = {
  length: { inbound: (id) => [bytes(whole(id))], body: wholeBody },
  pieces: {
    inbound: (id) => [[0, 9], [9, 38], [38, 41], [41]].map(([from, to]) => bytes(whole(id).slice(from, to))),
    body: wholeBody,
  },
  chunked: {
    inbound: (id) => [bytes(ok("Transfer-Encoding: chunked\r\n") + chunk("body ") + chunk(`${id}.`) + "0\r\n\r\n")],
    body: wholeBody,
  },
  trailers: {
    inbound: (id) => [
      bytes(ok("Transfer-Encoding: chunked\r\n") + chunk("body ")),
      bytes(`${chunk(`${id}.`)}0\r\nX-A: b\r\n\r\n`),
    ],
    body: wholeBody,
  },
  trailersAtOnce: {
    inbound: (id) => [
      bytes(`${ok("Transfer-Encoding: chunked\r\n")}${chunk("body ")}${chunk(`${id}.`)}0\r\nX-A: b\r\n\r\n`),
    ],
    body: wholeBody,
  },
  empty: { inbound: () => [bytes(ok("Content-Length: 0\r\n"))], body: () => "" },
  noContent: { inbound: () => [bytes("HTTP/1.1 204 No Content\r\n\r\n")], body: () => "" },
  untilClose: { inbound: (id) => [bytes(`${ok("")}body `), bytes(`${id}.`), "fin"], body: wholeBody, last: true },
  closing: {
    inbound: (id) => [bytes(whole(id).replace("\r\n", "\r\nConnection: close\r\n")), "fin"],
    body: wholeBody,
    last: true,
  },
  http10: { inbound: (id) => [bytes(whole(id).replace("/1.1", "/1.0")), "fin"], body: wholeBody, last: true },
  /** Good, and then the server goes: the next request may meet it. */
  thenFin: { inbound: (id) => [bytes(whole(id)), "fin"], body: wholeBody },
  thenReset: { inbound: (id) => [bytes(whole(id)), "reset"], body: wholeBody },
  /** Good, with bytes behind it that nobody asked for. */
  overlong: { inbound: (id) => [bytes(`${whole(id)}surplus`)], body: wholeBody, last: true },
  informational: { inbound: (id) => [bytes(`HTTP/1.1 103 Hints\r\n\r\n${whole(id)}`)], body: wholeBody },
  continues: {
    inbound: (id) => [bytes("HTTP/1.1 100 Continue\r\n\r\n"), bytes(whole(id))],
    body: wholeBody,
    early: true,
  },
  early: { inbound: (id) => [bytes(whole(id))], body: wholeBody, early: true },
  earlyEmpty: { inbound: () => [bytes(ok("Content-Length: 0\r\n"))], body: () => "", early: true },
  earlyClosing: {
    inbound: () => [bytes(ok("Connection: close\r\nContent-Length: 0\r\n")), "fin"],
    body: () => "",
    early: true,
    last: true,
  },
  /** More than a drain takes, and it does not come. */
  huge: { inbound: () => [bytes(`${ok("Content-Length: 300000\r\n")}a`)] },
  endless: { inbound: () => [bytes(ok("Transfer-Encoding: chunked\r\n") + chunk("a")), bytes(chunk("b"))] },
  stalls: { inbound: () => [] },
  fin: { inbound: () => ["fin"], last: true },
  reset: { inbound: () => ["reset"], last: true },
  garbage: { inbound: () => [bytes("SSH-2.0-x\r\n\r\n")], last: true },
  partialHead: { inbound: () => [bytes("HTTP/1.1 200"), "fin"], last: true },
  bigHead: { inbound: () => [bytes(ok(`X-Big: ${"x".repeat(1100)}\r\nContent-Length: 0\r\n`))], last: true },
  truncated: { inbound: (id) => [bytes(whole(id).slice(0, -2)), "fin"], last: true },
  truncatedChunks: {
    inbound: () => [bytes(ok("Transfer-Encoding: chunked\r\n") + chunk("a") + chunk("bc")), "reset"],
    last: true,
  },
  chunksThenReset: {
    inbound: (id) => [
      bytes(ok("Transfer-Encoding: chunked\r\n") + chunk("body ") + chunk(id) + chunk(".") + "0\r\n\r\n"),
      "reset",
    ],
    body: wholeBody,
  },
  badChunk: { inbound: () => [bytes(`${ok("Transfer-Encoding: chunked\r\n")}1\r\na\r\nx\r\n`)], last: true },
  head: { inbound: () => [bytes(ok("Content-Length: 123\r\n"))], body: () => "" },
  switches: {
    inbound: () => [bytes("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhi")],
    last: true,
  },
} as const satisfies Readonly<Record<string, Answer>>;

export type AnswerName = keyof typeof ANSWERS;

/** What a request gets. */
export function answerTo(method: string, name: AnswerName): Answer {
  return ANSWERS[method === "HEAD" ? "head" : name];
}

export class FakeServer {
  readonly #send: (inbound: Inbound) => void;
  /** A request may come behind one whose response is not over. */
  readonly #pipelined: boolean;
  #text = "";
  #head = "";
  /** Of the request whose body is still coming. */
  #answer: Answer | undefined = undefined;
  /** The response in hand never ends. */
  #busy = false;
  /** The client was told that the connection closes after this. */
  #last = false;
  /** FIN or RST was sent, or what no client understands. */
  #gone = false;

  constructor(send: (inbound: Inbound) => void, pipelined: boolean) {
    this.#send = send;
    this.#pipelined = pipelined;
  }

  /** Ends the connection, or sends what nobody asked for. */
  interfere(inbound: "fin" | "reset" | "surplus"): void {
    if (this.#gone) return;
    if (inbound === "surplus" && (this.#busy || this.#answer !== undefined)) return;
    this.#gone = true;
    this.#send(inbound === "surplus" ? bytes("surplus\r\n") : inbound);
  }

  receive(view: Uint8Array, friendly: boolean): void {
    if (this.#gone) return; // the request crosses with the end of the connection
    if (view.length < LARGE) this.#text += decodeLatin1(view);
    while (this.#read(friendly));
  }

  /** One request; false: it is not all here, or there is none to be answered. */
  #read(friendly: boolean): boolean {
    if (this.#answer === undefined) {
      if (this.#pipelined && (this.#busy || this.#last || this.#gone)) return false;
      const end = this.#text.indexOf("\r\n\r\n");
      if (end === -1) return false;
      this.#begin(this.#text.slice(0, end), friendly);
      this.#text = this.#text.slice(end + 4);
    }
    if (!this.#pipelined) assert.doesNotMatch(this.#text, /HTTP/, "a request behind one whose body is not complete");
    if (!this.#complete()) return false;
    if (this.#answer!.early !== true) this.#reply();
    this.#answer = undefined;
    this.#text = this.#pipelined && !this.#chunked ? this.#text.slice(this.#length) : "";
    return true;
  }

  #begin(head: string, friendly: boolean): void {
    assert.ok(!this.#last, "a request on a connection that was to be closed");
    assert.ok(!this.#busy, "a request on a connection whose response is not over");
    const [, method, name] = /^([A-Z]+) \/\d+\/(\w+) HTTP/.exec(head)!;
    this.#head = head;
    this.#answer = answerTo(method!, friendly ? "length" : name as AnswerName);
    this.#busy = true;
    this.#last = this.#answer.last === true || /\r\nConnection: close/i.test(head);
    if (this.#answer.early === true) this.#reply();
  }

  #complete(): boolean {
    if (this.#chunked) return this.#text.endsWith("0\r\n\r\n");
    return this.#length >= LARGE || this.#text.length >= this.#length;
  }

  get #chunked(): boolean {
    return /\r\nTransfer-Encoding: chunked/i.test(this.#head);
  }

  get #length(): number {
    return Number(/\r\nContent-Length: (\d+)/i.exec(this.#head)?.[1] ?? 0);
  }

  #reply(): void {
    const answer = this.#answer!;
    const id = /\/(\d+)\//.exec(this.#head)![1]!;
    this.#busy = answer.body === undefined;
    for (const inbound of answer.inbound(id)) {
      if (this.#gone) return;
      if (inbound === "fin" || inbound === "reset") this.#gone = true;
      this.#send(inbound);
    }
  }
}

/** A body of this size is not looked at. */
export const LARGE = 70_000;
