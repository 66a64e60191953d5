import assert from "node:assert/strict";
import test from "node:test";
import { parseControlCommand } from "../../lib/load/control_command.ts";

test("control: lines and what they ask for", () => {
  for (
    const [line, command] of [
      ["rate 500", { kind: "rate", rps: 500 }],
      ["  RATE   0.5 ", { kind: "rate", rps: 0.5 }],
      ["rate +10%", { kind: "scale", factor: 1.1 }],
      ["rate -25%", { kind: "scale", factor: 0.75 }],
      ["pause", { kind: "pause" }],
      ["resume", { kind: "resume" }],
      ["hold", { kind: "hold" }],
      ["close", { kind: "close" }],
      ["status", { kind: "status" }],
      ["quit", { kind: "quit" }],
    ] as const
  ) assert.deepEqual(parseControlCommand(line), command, line);
});

test("control: what is no command is told what is one", () => {
  for (const line of ["", "rate", "faster", "pause 5", "rate 5 6", "toString", "__proto__"]) {
    assert.match(String(parseControlCommand(line)), /^expected rate N, .* or quit$/, line);
  }
  for (const line of ["rate 0", "rate -5", "rate NaN", "rate 1e3", "rate 2000000000", "rate 5rps"]) {
    assert.match(String(parseControlCommand(line)), /^expected a rate above 0/, line);
  }
  assert.match(String(parseControlCommand("rate -100%")), /above 0/);
});
