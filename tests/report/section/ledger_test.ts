import assert from "node:assert/strict";
import test from "node:test";
import { connectionsSection } from "../../../lib/report/section/ledger.ts";
import { cleanResult, fetchResult, hourResult, leakingResult, settledResult } from "../../support/result_fixture.ts";
import { blockOf, factOf } from "../blocks.ts";

test("ledger: dials are told by how many requests each served", () => {
  const dialed = (result: Parameters<typeof connectionsSection>[0]) => factOf(connectionsSection(result), "dialed");
  assert.deepEqual(dialed(leakingResult()).details, ["about one for every request"]);
  assert.deepEqual(dialed(cleanResult()).details, ["one for every 1,667 requests"]);
});

test("ledger: closes come most first, with their reasons", () => {
  const { figure, details } = factOf(connectionsSection(hourResult()), "closed");
  assert.equal(figure, "4,748");
  assert.deepEqual(details, ["earlyClose: 3,900", "serverClosedIdle: 508", "idleTimeout: 310", "readError: 30"]);
});

test("ledger: each state has a line that says what its loops wait for, and held bodies stand out", () => {
  const { facts } = blockOf(connectionsSection(hourResult()), "facts");
  const from = facts.findIndex(({ name }) => name === "read loops");
  assert.deepEqual(facts.slice(from, from + 3), [
    {
      name: "read loops",
      figure: "58",
      details: ["awaitingHead: request handed over, response not begun"],
      tone: "strong",
    },
    {
      name: "",
      figure: "4",
      details: ["draining: body closed early, its short rest is thrown away"],
      tone: "strong",
    },
    { name: "", figure: "2", details: ["awaitingBodyRead: body neither read nor closed"], tone: "caution" },
  ]);
});

test("ledger: a state that is no property of an object is shown by its name", () => {
  const result = cleanResult();
  const odd = { ...result, connections: { ...result.connections, readLoops: { constructor: 1 } } };
  assert.deepEqual(factOf(connectionsSection(odd), "read loops").details, ["constructor"]);
});

test("ledger: of a fetch, calls are counted, and no connection or dial is made up", () => {
  const section = connectionsSection(fetchResult());
  assert.equal(section.title, "Calls");
  assert.deepEqual(blockOf(section, "facts").facts, [
    { name: "open", figure: "5,000", details: ["at the end", "0 at the start", "5,000 at the peak"] },
    {
      name: "states",
      figure: "5,000",
      details: ["awaitingBodyRead: body neither read nor closed"],
      tone: "caution",
    },
  ]);
});

test("ledger: sockets are told as the kernel counts them, and a difference to the pool in words", () => {
  const words = (end: { kernel: number; live?: number; dialing?: number }) => {
    const result = settledResult();
    const start = { kernel: 0, live: 0, dialing: 0 };
    const section = connectionsSection({
      ...result,
      connections: { ...result.connections, sockets: { ...result.connections.sockets!, start, end } },
    });
    return section.blocks.flatMap((block) => block.kind === "prose" ? [block.text] : []);
  };
  const { figure, details } = factOf(connectionsSection(settledResult()), "sockets");
  assert.equal(figure, "3");
  assert.deepEqual(details, [
    "to the target at the end, as the kernel counts",
    "0 at the start",
    "3 after settling",
  ]);
  assert.deepEqual(words({ kernel: 3, live: 3, dialing: 0 }), []);
  assert.deepEqual(words({ kernel: 15, live: 2, dialing: 1 }), [
    "At the end the kernel counts 12 sockets that the pool does not know.",
  ]);
  assert.deepEqual(words({ kernel: 2, live: 3, dialing: 0 }), [
    "At the end the pool counts 1 connection that the kernel does not know.",
  ]);
  assert.deepEqual(words({ kernel: 3, live: 3, dialing: 2 }), [], "a dial need not have its socket yet");
  assert.deepEqual(words({ kernel: 9 }), [], "a fetch counts none");
});

test("ledger: what the program had open before the run is not unknown", () => {
  const result = settledResult();
  const sockets = {
    start: { kernel: 5, live: 0, dialing: 0 },
    end: { kernel: 8, live: 3, dialing: 0 },
  };
  const section = connectionsSection({ ...result, connections: { ...result.connections, sockets } });
  assert.deepEqual(section.blocks.map(({ kind }) => kind), ["facts"]);
});
