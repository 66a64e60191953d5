// The pool's invariants under any program of requests, reads, closes, cancels, failures and passing time. A program
// that fails is shrunk to the few steps that matter, and printed with its seed.

import fc from "fast-check";
import assert from "node:assert/strict";
import test from "node:test";
import type { TransportOptions } from "../../lib/transport/options/options.ts";
import type { NetworkOptions } from "./fake_network.ts";
import { type AnswerName, ANSWERS } from "./fake_server.ts";
import { type Act, HOOKS, type Policy, type RequestPlan, World } from "./pool_world.ts";
import { runs } from "./runs.ts";

type Step =
  | { readonly do: "request"; readonly plan: RequestPlan }
  | { readonly do: "act"; readonly which: number; readonly act: Act }
  | { readonly do: "deliver"; readonly pick: number; readonly count: number }
  | { readonly do: "settle"; readonly pick: number }
  | { readonly do: "land"; readonly pick: number; readonly as: "opens" | "refused" }
  | { readonly do: "interfere"; readonly pick: number; readonly how: "fin" | "reset" | "surplus" }
  | { readonly do: "wait" | "leap"; readonly ms: number };

const seldom = fc.oneof(
  { weight: 4, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Act>("read", "pause", "close", "cancel") },
  { weight: 3, arbitrary: fc.constantFrom<Act>("again", "another", "closeIdle") },
  { weight: 1, arbitrary: fc.constant<Act>("closePool") },
);

/** Most read their body as soon as it is there; some do odd things at odd moments. */
const policy: fc.Arbitrary<Policy> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Policy>({ onHead: "read" }) },
  { weight: 1, arbitrary: fc.constant<Policy>({}) },
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.boolean(),
      fc.array(fc.tuple(fc.constantFrom(...HOOKS), act), { minLength: 1, maxLength: 3 }),
    )
      .map(([reads, pairs]): Policy => ({ ...(reads ? { onHead: "read" } : {}), ...Object.fromEntries(pairs) })),
  },
);

const answer = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<AnswerName>("length", "pieces", "chunked", "trailers", "empty") },
  { weight: 5, arbitrary: fc.constantFrom(...Object.keys(ANSWERS).filter((name) => name !== "head") as AnswerName[]) },
);

const plan: fc.Arbitrary<RequestPlan> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ host: fc.constantFrom(0, 0, 0, 1, 2), answer, policy })
      .map((part): RequestPlan => ({
        ...part,
        method: "GET",
        upload: "none",
        getBody: false,
        expectContinue: false,
        close: false,
      })),
  },
  {
    weight: 2,
    arbitrary: fc.record<RequestPlan>({
      host: fc.constantFrom(0, 0, 0, 1, 2),
      method: fc.constantFrom("GET", "POST", "HEAD"),
      upload: fc.constantFrom("none", "text", "large", "pieces", "chunks", "stalls", "throws", "short", "empty"),
      getBody: fc.boolean(),
      expectContinue: seldom,
      close: seldom,
      answer,
      policy,
    }),
  },
);

const pick = fc.nat({ max: 5 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: plan.map((each): Step => ({ do: "request", plan: each })) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("act"), which: pick, act }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("deliver"), pick, count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("settle"), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("land"), pick, as: fc.constantFrom("opens", "refused") }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("interfere"), pick, how: fc.constantFrom("fin", "reset", "surplus") }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("wait", "leap"), ms: fc.constantFrom(1, 20, 50, 100, 250, 400) }),
  },
) as fc.Arbitrary<Step>;

const options: fc.Arbitrary<TransportOptions> = fc.record({
  maxIdleConns: fc.constantFrom(undefined, 1, 2, 3),
  maxIdleConnsPerHost: fc.constantFrom(undefined, 1, 3, 100, -1),
  maxConnsPerHost: fc.constantFrom(undefined, 1, 2, 3),
  pipelining: fc.constantFrom(undefined, undefined, 2, 4),
  disableKeepAlives: seldom,
  idleConnTimeoutMs: fc.constantFrom(undefined, 100),
  dialTimeoutMs: fc.constantFrom(undefined, 100),
  tlsHandshakeTimeoutMs: fc.constantFrom(undefined, 100),
  responseHeaderTimeoutMs: fc.constantFrom(undefined, 100),
  expectContinueTimeoutMs: fc.constantFrom(undefined, 100),
  drainOnClose: fc.constantFrom(undefined, false),
}).map((each) => ({ ...each, maxResponseHeaderBytes: 1000 }));

const network: fc.Arbitrary<NetworkOptions> = fc.record({
  dials: fc.oneof(
    fc.constant(["opens" as const]),
    fc.array(fc.constantFrom("opens" as const, "opens" as const, "stalls" as const, "refused" as const), {
      minLength: 1,
      maxLength: 4,
    }),
  ),
  takes: fc.oneof(fc.constant([true]), fc.array(fc.boolean(), { minLength: 1, maxLength: 4 })),
  resetAtOnce: fc.boolean(),
});

async function perform(world: World, step: Step): Promise<void> {
  const { clock, network, exchanges } = world;
  switch (step.do) {
    case "request":
      world.request(step.plan);
      break;
    case "act":
      if (exchanges.length > 0) exchanges[step.which % exchanges.length]!.do(step.act);
      break;
    case "deliver":
      for (let i = 0; i < step.count; i++) network.deliver(step.pick + i);
      break;
    case "settle":
      await world.settle(step.pick);
      break;
    case "land": {
      const { stalled } = network;
      if (stalled.length > 0) stalled[step.pick % stalled.length]!.land(step.as);
      break;
    }
    case "interfere": {
      const { open } = network;
      if (open.length > 0) open[step.pick % open.length]!.interfere(step.how);
      break;
    }
    case "wait":
      clock.advance(step.ms);
      world.checkTime(step.ms);
      break;
    case "leap":
      clock.lag(step.ms);
  }
  world.check();
  await world.breathe();
  world.check();
}

/** Gives up what is held or stuck, and sees that everybody else is served. */
async function release(world: World): Promise<void> {
  const { clock, network, exchanges } = world;
  network.friendly = true;
  for (const exchange of exchanges) {
    if (exchange.phase === "body") exchange.do("close");
    else if (exchange.phase !== "pool" || exchange.plan.upload === "stalls") exchange.do("cancel");
  }
  // one after the other, where there is one connection and each waits for a timer
  for (let round = 0; round < 8 || (round < 500 && exchanges.some(({ over }) => !over)); round++) {
    for (const socket of network.stalled) socket.land("opens");
    await world.settle(round);
    clock.advance(60);
    for (const exchange of exchanges) if (exchange.state === "head") exchange.do(round % 2 === 0 ? "read" : "close");
  }
  await world.settle(0);
  world.check();
  const hungry = exchanges.filter(({ over }) => !over);
  assert.deepEqual(hungry.map(({ state }) => state), [], "requests that nobody answers");
  const { waiting, inUse, dialing } = world.pool.counts;
  assert.deepEqual({ waiting, inUse, dialing }, { waiting: 0, inUse: 0, dialing: 0 });
}

/** As many requests as `maxConnsPerHost` and `pipelining` allow can be in flight again, and one more waits. */
async function refill(world: World): Promise<void> {
  const { maxConnsPerHost, disableKeepAlives } = world.settings;
  const pipelining = disableKeepAlives ? 1 : world.settings.pipelining;
  const limit = maxConnsPerHost === Infinity ? 4 : maxConnsPerHost;
  const held = { method: "GET", upload: "none", getBody: false, expectContinue: false, close: false } as const;
  for (const host of [0, 1, 2]) {
    for (let i = 0; i < limit * pipelining + 1; i++) world.request({ ...held, host, answer: "length", policy: {} });
  }
  await world.settle(0);
  world.check();
  const { counts } = world.pool;
  const over = maxConnsPerHost === Infinity ? 0 : 3;
  assert.equal(counts.waiting, over);
  // without a limit each request dials before there is a connection to be pipelined on
  if (over > 0 || pipelining === 1) assert.equal(counts.inUse, 3 * (limit + 1) - over, "slots are lost");
}

function closed(world: World): void {
  world.closePool();
  world.check();
  const { waiting, inUse, idle, dialing } = world.pool.counts;
  assert.deepEqual({ waiting, inUse, idle, dialing }, { waiting: 0, inUse: 0, idle: 0, dialing: 0 });
  assert.equal(world.network.sockets.size, 0, "sockets are left");
  assert.equal(world.clock.pending, 0, "timers are left");
  for (const exchange of world.exchanges) assert.ok(exchange.over, `left ${exchange.state}`);
}

test("fuzz: the pool keeps its limits and its books, starves nobody and loses no slot", async () => {
  await fc.assert(
    fc.asyncProperty(
      options,
      network,
      fc.array(step, { minLength: 1, maxLength: 30, size: "max" }),
      async (opts, net, program) => {
        const world = new World(opts, net);
        for (const each of program) await perform(world, each);
        if (!world.closed) await release(world);
        if (!world.closed) await refill(world);
        closed(world);
        await world.breathe();
        for (const source of world.sources) assert.notEqual(source.state, "open", "a source was left open");
        world.check();
      },
    ),
    runs(400),
  );
});
