import assert from "node:assert/strict";
import test from "node:test";
import { parseRps } from "../../../lib/scenario/value/rate.ts";

const CASES: readonly (readonly [text: string | number, rps: number])[] = [
  [500, 500],
  ["500", 500],
  ["+5", 5],
  ["1e3", 1000],
  [".5", 0.5],
  ["1k", 1000],
  ["1.5k", 1500],
  ["2M", 2e6],
  ["50/s", 50],
  ["50/1s", 50],
  ["1/m", 1 / 60],
  ["1000/min", 1000 / 60],
  ["3k/h", 3000 / 3600],
  ["20/10s", 2],
  ["1/500ms", 2],
  ["0", 0],
];

test("rate: a number, in thousands or millions, over a span of time", () => {
  for (const [text, rps] of CASES) assert.equal(parseRps(text), rps, String(text));
});

test("rate: anything else is none", () => {
  for (const text of ["", "k", "1 k", "1K", "5G", "-1", "1/", "1/0s", "1/d", "1/s/s", "NaN", "0x10"]) {
    assert.equal(parseRps(text), undefined, text);
  }
});
