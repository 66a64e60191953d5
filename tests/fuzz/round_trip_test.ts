// The promise face under any program: every promise settles, every body read to its end is the one that was asked for,
// and nothing is left behind, neither connections nor timers nor listeners on a signal.

import fc from "fast-check";
import assert from "node:assert/strict";
import test from "node:test";
import { encodeLatin1 } from "../../lib/core/bytes.ts";
import type { Response } from "../../lib/transport/response/response.ts";
import { Transport } from "../../lib/transport/transport.ts";
import { TransportError } from "../../lib/transport/transport_error.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { FakeNetwork } from "./fake_network.ts";
import { type AnswerName, ANSWERS, answerTo } from "./fake_server.ts";
import { runs } from "./runs.ts";

type BodyAct = "read" | "text" | "loop" | "close" | "abort";

type Step =
  | {
    readonly do: "request";
    readonly method: "GET" | "HEAD" | "POST";
    readonly answer: AnswerName;
    readonly then: readonly BodyAct[];
  }
  | { readonly do: "act"; readonly which: number; readonly act: BodyAct }
  | { readonly do: "deliver"; readonly pick: number; readonly count: number }
  | { readonly do: "settle" | "closeIdle" | "close" }
  | { readonly do: "interfere"; readonly pick: number; readonly how: "fin" | "reset" | "surplus" }
  | { readonly do: "wait"; readonly ms: number };

const bodyAct = fc.constantFrom<BodyAct>("read", "text", "loop", "close", "abort");
const answer = fc.constantFrom(...Object.keys(ANSWERS).filter((name) => name !== "head") as AnswerName[]);
const pick = fc.nat({ max: 4 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("request"),
      method: fc.constantFrom("GET", "GET", "GET", "HEAD", "POST"),
      answer,
      then: fc.array(bodyAct, { maxLength: 3 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("act"), which: pick, act: bodyAct }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("deliver"), pick, count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("settle") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait"), ms: fc.constantFrom(1, 20, 50, 100, 250) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("interfere"), pick, how: fc.constantFrom("fin", "reset", "surplus") }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("closeIdle", "closeIdle", "close") }) },
) as fc.Arbitrary<Step>;

const options = fc.record({
  maxConnsPerHost: fc.constantFrom(undefined, 1, 2),
  maxIdleConnsPerHost: fc.constantFrom(undefined, -1),
  responseHeaderTimeoutMs: fc.constantFrom(undefined, 100),
  drainOnClose: fc.constantFrom(undefined, false),
});

class Call {
  readonly abort: AbortController = new AbortController();
  listeners = 0;
  settled = false;
  response: Response | undefined = undefined;
  /** Promises of reads that are not settled. */
  reading = 0;
  /** What a promise came to that it must not come to. */
  wrong: unknown = undefined;
  /** What a body read to its end may be: what was asked for, or what a friendly server sends. */
  readonly #expected: readonly (string | undefined)[];

  constructor(transport: Transport, id: number, { method, answer, then }: Step & { readonly do: "request" }) {
    this.#expected = [answer, "length" as const].map((name) => answerTo(method, name).body?.(String(id)));
    const { signal } = this.abort;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...words: unknown[]) => {
      this.listeners += 1;
      Reflect.apply(addEventListener, signal, words);
    };
    signal.removeEventListener = (...words: unknown[]) => {
      this.listeners = 0;
      Reflect.apply(removeEventListener, signal, words);
    };
    const body = method === "POST" ? encodeLatin1("text") : undefined;
    transport.roundTrip({ method, url: `http://10.0.1.1/${id}/${answer}`, body, signal }).then((response) => {
      this.settled = true;
      this.response = response;
      for (const act of then) this.do(act);
    }, (error: unknown) => {
      this.settled = true;
      this.#expectError(error);
    });
  }

  do(act: BodyAct): void {
    if (act === "abort") this.abort.abort();
    const body = this.response?.body;
    if (body === undefined) return;
    if (act === "close") body.close();
    else if (act === "read") this.#track(body.read(), () => {});
    else if (act === "text") this.#track(body.text(), (text) => this.#whole(text));
    else if (act === "loop") this.#track(first(body), () => {});
  }

  /** A text read from the start is whole; one after other reads is its rest. */
  #whole(text: string): void {
    if (this.response!.status === 101) return;
    if (!this.#expected.some((body) => body?.endsWith(text))) this.wrong = `${text} is not the end of the body`;
  }

  #expectError(error: unknown): void {
    if (!(error instanceof TransportError)) this.wrong = error;
  }

  #track<T>(promise: Promise<T>, check: (value: T) => void): void {
    this.reading += 1;
    promise.then((value) => {
      this.reading -= 1;
      check(value);
    }, (error: unknown) => {
      this.reading -= 1;
      this.#expectError(error);
    });
  }
}

async function first(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _chunk of body) return;
}

async function breathe(): Promise<void> {
  for (let i = 0; i < 16; i++) await undefined;
}

async function settle(network: FakeNetwork): Promise<void> {
  await breathe();
  for (let turns = 0; network.deliver(turns); turns++) {
    assert.ok(turns < 5000, "it goes on for ever");
    await breathe();
  }
}

test("fuzz: every promise of the transport settles, and nothing is left behind", async () => {
  await fc.assert(
    fc.asyncProperty(
      options,
      fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
      fc.array(step, { maxLength: 25, size: "max" }),
      async (opts, takes, program) => {
        const clock = new FakeClock();
        const network = new FakeNetwork(clock, { dials: ["opens"], takes, resetAtOnce: takes.length === 2 }, false);
        const transport = new Transport({
          ...opts,
          clock,
          adapter: network,
          resolver: network,
          maxResponseHeaderBytes: 1000,
        });
        const calls: Call[] = [];
        for (const each of program) {
          switch (each.do) {
            case "request":
              calls.push(new Call(transport, calls.length, each));
              break;
            case "act":
              if (calls.length > 0) calls[each.which % calls.length]!.do(each.act);
              break;
            case "deliver":
              for (let i = 0; i < each.count; i++) network.deliver(each.pick + i);
              break;
            case "settle":
              await settle(network);
              break;
            case "wait":
              clock.advance(each.ms);
              break;
            case "interfere":
              if (network.open.length > 0) network.open[each.pick % network.open.length]!.interfere(each.how);
              break;
            case "closeIdle":
              transport.closeIdleConnections();
              break;
            case "close":
              await transport.close();
          }
          await breathe();
          check(transport, calls);
        }
        network.friendly = true;
        for (let round = 0; round < 4; round++) {
          await settle(network);
          for (const call of calls) {
            if (call.response === undefined) call.do("abort");
            else call.do("close");
          }
          clock.advance(100);
        }
        await settle(network);
        assert.deepEqual(calls.map(({ wrong }) => wrong).filter((wrong) => wrong !== undefined), []);
        assert.deepEqual(calls.filter(({ settled }) => !settled).length, 0, "a promise never settles");
        assert.deepEqual(calls.filter(({ reading }) => reading > 0).length, 0, "a read never settles");
        assert.deepEqual(calls.filter(({ listeners }) => listeners > 0).length, 0, "a listener stays on a signal");
        const { inUse, waiting, dialing } = transport.census();
        assert.deepEqual({ inUse, waiting, dialing }, { inUse: 0, waiting: 0, dialing: 0 });
        await transport.close();
        assert.deepEqual([network.sockets.size, clock.pending], [0, 0], "sockets or timers are left");
      },
    ),
    runs(300),
  );
});

function check(transport: Transport, calls: readonly Call[]): void {
  const { live, inUse, idle, waiting, readLoops, writeLoops, totals } = transport.census();
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, each) => all + each, 0);
  assert.equal(live, inUse + idle);
  assert.equal(sum(readLoops), live);
  assert.equal(sum(writeLoops), live);
  assert.equal(totals.dialed, live + sum(totals.closed));
  assert.ok(waiting <= calls.filter(({ settled }) => !settled).length);
}
