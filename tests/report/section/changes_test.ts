import assert from "node:assert/strict";
import test from "node:test";
import { changesSection } from "../../../lib/report/section/changes.ts";
import { cleanResult } from "../../support/result_fixture.ts";
import { blockOf, given } from "../blocks.ts";

test("changes: a line for each second in which somebody steered, none where nobody did", () => {
  const result = cleanResult();
  const series = result.series.map((line) =>
    line.second === 3
      ? { ...line, changes: ["rate ×1.1", "paused"] }
      : line.second === 9
      ? { ...line, changes: ["resumed"] }
      : line
  );
  assert.deepEqual(blockOf(given(changesSection({ ...result, series })), "facts").facts, [
    { name: "at 3 s", figure: "", details: ["rate ×1.1, paused"] },
    { name: "at 9 s", figure: "", details: ["resumed"] },
  ]);
  assert.equal(changesSection(result), undefined);
});
