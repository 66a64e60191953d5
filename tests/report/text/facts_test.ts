import assert from "node:assert/strict";
import test from "node:test";
import { renderFacts } from "../../../lib/report/text/facts.ts";
import { styleFor } from "../../../lib/report/text/style.ts";

const style = styleFor({ columns: 80, color: false });

const FACTS = [
  { name: "status", figure: "4,990", details: ["200: 4,980", "503: 10"] },
  { name: "retried", figure: "3", details: ["on a fresh connection"] },
  { name: "", figure: "12" },
];

test("facts: names flush left, figures flush right, details behind them", () => {
  assert.deepEqual(renderFacts(FACTS, 60, style), [
    "status   4,990  200: 4,980 · 503: 10",
    "retried      3  on a fresh connection",
    "            12",
  ]);
});

test("facts: details go on under each other, and under their fact where there is little room", () => {
  assert.deepEqual(renderFacts(FACTS.slice(0, 2), 32, style), [
    "status   4,990  200: 4,980",
    "                503: 10",
    "retried      3  on a fresh",
    "                connection",
  ]);
  assert.deepEqual(renderFacts(FACTS.slice(0, 2), 24, style), [
    "status   4,990",
    "  200: 4,980 · 503: 10",
    "retried      3",
    "  on a fresh connection",
  ]);
});

test("facts: a figure has its tone, and is strong without one", () => {
  const colored = styleFor({ columns: 80, color: true });
  const [plain, bad] = renderFacts([{ name: "a", figure: "1" }, { name: "b", figure: "2", tone: "bad" }], 80, colored);
  assert.equal(plain, "\x1b[90ma\x1b[39m  \x1b[1m1\x1b[22m");
  assert.equal(bad, "\x1b[90mb\x1b[39m  \x1b[31m2\x1b[39m");
});
