import assert from "node:assert/strict";
import test from "node:test";
import { cpuTimesOf, parseCpuTimes } from "./cpu_times.ts";

test("bench: CPU time is read behind a process name with blanks and brackets", () => {
  const stat = "4711 (a) b (c) S 1 4711 4711 0 -1 4194560 1203 0 3 0 125 31 7 9 20 0 11 0 873021 1 2";
  assert.deepEqual(parseCpuTimes(stat), { userUs: 1_250_000, systemUs: 310_000 });
});

test("bench: a process that has ended counts nothing", () => {
  assert.deepEqual(cpuTimesOf([2 ** 30]), { userUs: 0, systemUs: 0 });
});
