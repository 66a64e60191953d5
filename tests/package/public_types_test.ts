import assert from "node:assert/strict";
import test from "node:test";
import { unexported } from "./declarations.ts";

for (const entry of ["mod", "transport", "report"]) {
  test(`public types: whatever a type of ${entry} names can be imported beside it`, () => {
    assert.deepEqual(unexported(entry), []);
  });
}
