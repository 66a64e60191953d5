import assert from "node:assert/strict";
import test from "node:test";
import type { Progress } from "../../lib/load/progress.ts";
import { progressLine } from "../../lib/report/progress_line.ts";
import { screenWidth } from "./screen.ts";

const running: Progress = {
  elapsedMs: 4200,
  phase: "sending",
  totalMs: 10_000,
  requestsTotal: undefined,
  offered: 2100,
  completed: 2098,
  failed: 0,
  rpsNow: 499,
  p50Us: 290,
  p99Us: 1_200,
  errorKinds: [],
  rpsTarget: 500,
  live: 12,
  dialing: 0,
  waiting: 0,
  heldBodies: 0,
  rssBytes: 57 * 1024 * 1024,
};

function line(change: Partial<Progress>, columns = 170): string {
  return progressLine({ ...running, ...change }, { columns, color: false });
}

test("progress line: one line with time, rate, counts, connections and memory", () => {
  assert.match(
    line({}),
    /^━+╸?─+ {2}4\.2 s of 10 s {2}499\/s of 500\/s {2}p50 290 µs {2}p99 1\.20 ms {2}2,098 done {2}0 errors {2}12 live {2}RSS 57\.0 MiB {2}6 s left$/,
  );
});

test("progress line: the bar is as full as the run is far", () => {
  const share = (change: Partial<Progress>) => {
    const text = line(change);
    return text.split("━").length - 1;
  };
  assert.equal(share({ elapsedMs: 0 }), 0);
  assert.equal(share({ elapsedMs: 5000 }), 15);
  assert.equal(share({ elapsedMs: 10_000 }), 30);
  assert.equal(share({ elapsedMs: 11_000 }), 30, "over time, waiting for the last responses");
  assert.equal(share({ totalMs: undefined, requestsTotal: 4196 }), 15);
  assert.equal(share({ requestsTotal: 2098 }), 30, "whichever end comes first");
});

test("progress line: without an end there is neither a bar nor a time left", () => {
  assert.match(
    line({ totalMs: undefined, rpsTarget: undefined }),
    /^4\.2 s {2}499\/s {2}p50 290 µs {2}p99 1\.20 ms {2}2,098 done/,
  );
  assert.doesNotMatch(line({ totalMs: undefined }), /left|━/);
});

test("progress line: by number of requests, the time left follows the rate", () => {
  assert.match(line({ totalMs: undefined, requestsTotal: 3096 }), /4\.2 s, 67\.8 % .* 2 s left$/);
  assert.doesNotMatch(line({ totalMs: undefined, requestsTotal: 3096, rpsNow: 0 }), /left/);
});

test("progress line: trouble is named: errors, dials, requests without a connection", () => {
  assert.match(line({ failed: 1 }), / 1 error /);
  assert.match(line({ dialing: 7, waiting: 1200 }, 160), /12 live \+7 dialing {2}1,200 waiting/);
});

test("progress line: errors are named by kind, whatever is in their names", () => {
  assert.match(
    line({ failed: 12, errorKinds: ["head/firstByteRead"] }, 160),
    / {2}12 errors {2}head\/firstByteRead {2}/,
  );
  const errorKinds = ["expect/status 500", "head/\x1b[31mtimeout"];
  assert.match(line({ failed: 12, errorKinds }, 160), / {2}expect\/status 500, head\/ \[31mtimeout {2}/);
});

test("progress line: bodies held are told beside the connections that they hold", () => {
  assert.match(line({ heldBodies: 1234, live: 1240 }), / {2}1,240 live {2}1,234 held {2}RSS/);
  assert.doesNotMatch(line({ heldBodies: 0 }), /held/);
});

test("progress line: a pause is said, and so is the wait for the last answers", () => {
  assert.match(line({ phase: "paused", rpsNow: 0, rpsTarget: 0 }), /4\.2 s of 10 s {2}paused {2}0\/s of 0\/s/);
  assert.match(line({ phase: "grace", rpsNow: 3, rpsTarget: undefined }), /of 10 s {2}last answers {2}3\/s {2}/);
  assert.doesNotMatch(line({ p50Us: undefined, p99Us: undefined }), /p50|p99/);
  assert.match(line({ phase: "paused" }, 40), /paused/, "on a narrow screen as well");
});

test("progress line: it fits whatever columns there are, and keeps the time longest", () => {
  const busy = {
    failed: 123_456,
    dialing: 99,
    waiting: 120_000,
    completed: 99_999_999,
    live: 28_000,
    elapsedMs: 7_100_000,
  };
  for (let columns = 0; columns <= 200; columns++) {
    for (const change of [{}, busy, { ...busy, totalMs: 7_200_000 }, { totalMs: undefined }]) {
      const text = progressLine({ ...running, ...change }, { columns, color: true });
      assert.ok(screenWidth(text) <= columns, `${screenWidth(text)} columns of ${columns}`);
      assert.ok(!text.includes("\n"));
    }
  }
  assert.equal(line({}, 14), "4.2 s of 10 s");
});
