import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { README, withDiagrams } from "./diagrams.ts";

test("diagrams: the transport's README shows the state machines as they are (npm run diagrams draws them)", () => {
  const readme = readFileSync(README, "utf8");
  assert.equal(readme, withDiagrams(readme));
});
