import assert from "node:assert/strict";
import test from "node:test";
import { comparisonReport } from "../../lib/report/comparison/comparison.ts";
import { sideBySideReport } from "../../lib/report/comparison/side_by_side.ts";
import { runReport } from "../../lib/report/run_report.ts";
import type { Report } from "../../lib/report/section.ts";
import type { Result } from "../../lib/result/result.ts";
import {
  allFailedResult,
  cleanResult,
  emptyResult,
  hourResult,
  leakingResult,
  oneSecondResult,
  ruledResult,
} from "../support/result_fixture.ts";

const RESULTS: readonly Result[] = [
  cleanResult(),
  leakingResult(),
  allFailedResult(),
  oneSecondResult(),
  emptyResult(),
  hourResult(),
  ruledResult(),
];

const LABELLED = RESULTS.map((result) => ({ label: result.plan.name, result }));

/** Every kind of report there is. */
const REPORTS: readonly Report[] = [
  ...RESULTS.map(runReport),
  comparisonReport(LABELLED),
  comparisonReport([LABELLED[0]!, LABELLED[5]!]),
  comparisonReport([LABELLED[0]!, { label: "deno", problem: "SIGKILL ended it" }]),
  sideBySideReport(LABELLED[0]!, LABELLED[1]!),
  sideBySideReport(LABELLED[4]!, LABELLED[2]!),
];

test("section: it is plain data, the same after JSON", () => {
  for (const report of REPORTS) assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
});

test("section: no text holds a colour or another control character", () => {
  const evil: Result = {
    ...cleanResult(),
    plan: { name: "a\x1b]0;owned\x07b", description: "c\x1b[2J" },
    runtime: { ...cleanResult().runtime, version: "1\x9b2" },
    outcome: "stopped",
    outcomeReason: "d\x1bc",
    requests: { ...cleanResult().requests, byError: { "x\x1b[8m": 2 } },
    leak: { ...cleanResult().leak, reason: "first\r\nsecond\x9b2J" },
    generator: { ...cleanResult().generator, verdict: "saturated", reason: "e\x07" },
    byRequest: [{
      ...cleanResult().requests,
      name: "f\x1b[1m",
      held: 0,
      byError: {},
      response: cleanResult().latencyUs.response,
    }],
    series: cleanResult().series.map((line) => ({ ...line, changes: ["g\x00"] })),
  };
  const labelled = { label: "h\x1b[31m", result: evil };
  const reports = [
    ...REPORTS,
    runReport(evil),
    comparisonReport([labelled, { label: "i\n", problem: "j\x1b[0m" }]),
    sideBySideReport(labelled, labelled),
  ];
  for (const report of reports) assert.doesNotMatch(JSON.stringify(report), /\\u00[0189][0-9a-f]|\\[nrt]|[\x7f-\x9f]/);
});

test("section: a table's rows have a cell for each column, and a curve a value for each second", () => {
  for (const block of REPORTS.flat(2).flatMap(({ blocks }) => blocks)) {
    if (block.kind === "table") assert.ok(block.rows.every((row) => row.length === block.columns.length));
    if (block.kind !== "panels") continue;
    const curves = block.panels.flatMap(({ curves }) => curves);
    assert.ok(curves.every(({ values }) => values.length === block.seconds.length));
    assert.ok(block.seconds.every((second) => second < block.spanSeconds));
  }
});
