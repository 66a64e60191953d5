import assert from "node:assert/strict";
import test from "node:test";
import { scheduleOf } from "../../lib/load/schedule/schedule_of.ts";
import { scheduleLine } from "../../lib/report/schedule_line.ts";
import { resolveLoad } from "../../lib/scenario/resolve/resolve_load.ts";
import type { Scenario } from "../../lib/scenario/scenario.ts";

function line(load: NonNullable<Scenario["load"]>, columns = 80, ascii = false): string {
  return scheduleLine(scheduleOf(resolveLoad(load), [0, 500, 900, 2000])!, { columns, ascii });
}

test("schedule line: a curve of the rate, and its figures", () => {
  const ramp = [{ duration: "30s", rps: 800 }, { duration: "30s", rps: 800 }, { duration: "20s", rps: 0 }];
  assert.equal(
    line({ stages: ramp }),
    "▁▂▂▃▄▅▆▆▇████████████▇▆▅▄▂▁  44,000 requests in 1 m 20 s, mean 550/s, peak 800/s",
  );
  assert.equal(line({ rps: 500 }), `${"█".repeat(40)}  5,000 requests in 10 s`);
  assert.equal(line({ rps: 50, requests: 1 }), `${"█".repeat(40)}  1 request in 0 s`);
  assert.match(line({ timestamps: "x" }), /^[ ▃▅█]{40} {2}4 requests in 2 s, mean 2\/s, peak 3\/s$/);
});

test("schedule line: a pause is empty, and a spike shorter than a column is as high as it is", () => {
  const spike = (duration: string) => [
    { duration: "0", rps: 100 },
    { duration: "10m", rps: 100 },
    { duration: "0", rps: 1600 },
    { duration, rps: 1600 },
    { duration: "0", rps: 0 },
    { duration: "10m", rps: 0 },
  ];
  const curve = line({ stages: spike("3s") }).match(/^[▁-█ ]+?(?= {2}\d)/)![0];
  assert.match(curve, /^▁{11}█{1,2} +$/);
});

test("schedule line: fits its columns, and ASCII", () => {
  const stages = [{ duration: "90s", rps: 1e6 }];
  for (const columns of [20, 40, 60, 80, 120, 200]) {
    assert.ok(line({ stages }, columns).length <= Math.max(columns, 20), `${columns} columns`);
  }
  assert.match(line({ stages }, 80, true), /^[.:#]+ {2}45,000,000 requests in 1 m 30 s, mean 500,000\/s/);
});
