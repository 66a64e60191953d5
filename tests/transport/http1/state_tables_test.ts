// The tables of the read loop's two machines: each move that they allow, and that there is no other.

import assert from "node:assert/strict";
import test from "node:test";
import { BODY_FLOW } from "../../../lib/transport/http1/body_flow.ts";
import { KEEP_ALIVE } from "../../../lib/transport/http1/keep_alive.ts";
import { READ_LOOP_STATES } from "../../../lib/transport/http1/read_loop_states.ts";
import { StateMachine, type StateTable } from "../../../lib/transport/http1/state_machine.ts";

/** From, event, to. */
const MOVES: readonly (readonly [StateTable, string])[] = [
  [
    BODY_FLOW,
    `atRest request awaitingFirstByte
     atRest close closed
     awaitingFirstByte firstByte readingHead
     awaitingFirstByte close closed
     readingHead body awaitingBodyRead
     readingHead noBody holdingHead
     readingHead close closed
     awaitingBodyRead read readingBody
     awaitingBodyRead giveUp draining
     awaitingBodyRead end atRest
     awaitingBodyRead close closed
     readingBody hold awaitingBodyRead
     readingBody giveUp draining
     readingBody end atRest
     readingBody close closed
     draining end atRest
     draining close closed
     holdingHead end atRest
     holdingHead close closed`,
  ],
  [
    KEEP_ALIVE,
    `idle request keeping
     idle lastRequest closing
     idle close closed
     keeping request keeping
     keeping lastRequest closing
     keeping closeSaid closing
     keeping eof cutOff
     keeping earlyEnd awaitingWrite
     keeping pool idle
     keeping close closed
     closing closeSaid closing
     closing eof closing
     closing close closed
     cutOff closeSaid closing
     cutOff eof cutOff
     cutOff close closed
     awaitingWrite request keeping
     awaitingWrite lastRequest closing
     awaitingWrite eof cutOff
     awaitingWrite pool idle
     awaitingWrite close closed`,
  ],
];

for (const [table, text] of MOVES) {
  const { name, states, events } = table;
  const moves = new Map(
    text.split("\n").map((line) => line.trim().split(" ")).map(([from, event, to]) =>
      [`${from} ${event}`, to!] as const
    ),
  );

  test(`read loop: the ${name} makes each of its moves`, () => {
    for (const [move, to] of moves) {
      const [from, event] = move.split(" ");
      assert.equal(table.transition(states[from!]!, events[event!]!), states[to], move);
    }
  });

  test(`read loop: the ${name} makes no other move`, () => {
    for (const from of Object.keys(states)) {
      for (const event of Object.keys(events).filter((event) => !moves.has(`${from} ${event}`))) {
        assert.throws(
          () => table.transition(states[from]!, events[event]!),
          new Error(`${name}: ${event} is no move from ${from}`),
        );
      }
    }
  });

  test(`read loop: each state of the ${name} but the last can be left, and each but the first be reached`, () => {
    const names = Object.keys(states);
    assert.deepEqual(names.filter((state) => ![...moves.keys()].some((move) => move.startsWith(`${state} `))), [
      names.at(-1),
    ]);
    assert.deepEqual(names.slice(1).filter((state) => ![...moves.values()].includes(state)), []);
  });
}

test("read loop: the census counts what a response is at, and between responses the connection", () => {
  const counted = ({ rows, counted }: StateTable) => Object.keys(rows).filter((_, state) => counted[state] !== -1);
  assert.deepEqual(counted(BODY_FLOW), [
    "awaitingFirstByte",
    "readingHead",
    "awaitingBodyRead",
    "readingBody",
    "draining",
  ]);
  assert.deepEqual(counted(KEEP_ALIVE), ["idle", "awaitingWrite"]);
});

test("read loop: an illegal move leaves a machine where it was", () => {
  const flow = new StateMachine(BODY_FLOW);
  flow.on(BODY_FLOW.events.request);
  assert.equal(READ_LOOP_STATES[flow.counted], "awaitingHead");
  assert.throws(() => flow.on(BODY_FLOW.events.read), /body flow: read is no move from awaitingFirstByte/);
  assert.ok(flow.is(BODY_FLOW.states.awaitingFirstByte));
});
