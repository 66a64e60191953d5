import assert from "node:assert/strict";
import test from "node:test";
import { nearest } from "../../../lib/scenario/value/suggest.ts";

test("suggest: a slip finds its word, another word finds none", () => {
  const words = ["--duration", "--url", "--rps", "--no-close", "--no-read"];
  const cases: [string, string | undefined][] = [
    ["--durration", "--duration"],
    ["--duraiton", "--duration"],
    ["--ulr", "--url"],
    ["--no-clos", "--no-close"],
    ["--RPS", "--rps"],
    ["--concurrency", undefined],
    ["", undefined],
  ];
  for (const [word, meant] of cases) assert.equal(nearest(word, words), meant, word);
});
