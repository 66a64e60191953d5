import assert from "node:assert/strict";
import test from "node:test";
import { errorLatenciesSection, percentilesSection } from "../../../lib/report/section/percentile_table.ts";
import { allFailedResult, cleanResult, hourResult } from "../../support/result_fixture.ts";
import { blockOf, given, proseOf, rowOf, rowsOf } from "../blocks.ts";

test("percentile table: response, service and lag stand side by side", () => {
  const { response, service, lag } = cleanResult().latencyUs;
  const section = percentilesSection(cleanResult());
  assert.deepEqual(rowOf(section, "p50"), ["p50", ...[response, service, lag].map(({ p50 }) => `${p50} µs`)]);
  assert.deepEqual(rowOf(section, "count"), ["count", "5,000", "5,000", "5,000"]);
  assert.deepEqual(rowOf(percentilesSection(allFailedResult()), "p99.9"), ["p99.9", "229 µs", "–", "39 µs"]);
});

test("percentile table: what requests without an end could raise is at least what it says", () => {
  const section = percentilesSection(hourResult());
  assert.match(rowOf(section, "max")[1]!, /^≥ /);
  assert.doesNotMatch(rowOf(section, "p50")[1]!, /≥/);
  assert.match(proseOf(section)[0]!.text, /≥: at least, 184 without an end count with their age$/);
  assert.doesNotMatch(proseOf(percentilesSection(cleanResult()))[0]!.text, /≥/);
});

test("percentile table: the wait for a connection has a column where any request waited, the first to go", () => {
  const columns = blockOf(percentilesSection(hourResult()), "table").columns;
  assert.deepEqual(columns.at(-1), { name: "wait", whenNarrow: "leaveOut" });
  assert.equal(blockOf(percentilesSection(cleanResult()), "table").columns.at(-1)!.name, "lag");
});

test("percentile table: each kind of error has its response times, most first", () => {
  const rows = rowsOf(given(errorLatenciesSection(hourResult())));
  assert.deepEqual(rows.map((row) => row[0]), ["body/ECONNRESET", "head/timeout awaiting response headers"]);
  assert.deepEqual(rows[1]!.slice(1), ["300", "5.00 s", "5.00 s", "5.00 s"]);
  assert.equal(errorLatenciesSection(cleanResult()), undefined);
});
