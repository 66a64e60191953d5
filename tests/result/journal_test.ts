import assert from "node:assert/strict";
import test from "node:test";
import { CLOCKS } from "../../lib/record/clocks.ts";
import type { Measurement, RunStart } from "../../lib/load/measurement.ts";
import type { Observer, Second } from "../../lib/load/observer.ts";
import { runLoad } from "../../lib/load/run.ts";
import { latencyHistogram } from "../../lib/record/latency_recorder.ts";
import { renderTerminal } from "../../lib/report/terminal.ts";
import { encodeSecond } from "../../lib/result/encoded_second.ts";
import { readHdr } from "../../lib/result/hdr.ts";
import { isJournal, journalEnding, journalHead, journalSecond } from "../../lib/result/journal.ts";
import { readJournal } from "../../lib/result/journal_reader.ts";
import { parseResult, resultToJson } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import { summarize } from "../../lib/result/summary.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";
import { secondOf } from "../support/second_fixture.ts";

/** A journal's lines in memory. */
class Lines implements Observer {
  readonly lines: string[] = [];
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  begin(start: RunStart): void {
    this.lines.push(journalHead(this.#plan, start));
  }

  second(second: Second): void {
    this.lines.push(journalSecond(encodeSecond(second)));
  }

  end(run: Measurement): void {
    this.lines.push(journalEnding(run));
  }
}

function planFor(url: string, bodyPolicy: "read" | "hold", duration: string): Plan {
  const headers = { Authorization: "Bearer hunter2" };
  return resolve({
    request: { url, bodyPolicy, headers, method: "POST", body: "hunter2" },
    load: { rps: 150, duration },
  }, "t");
}

async function journalled(plan: Plan): Promise<{ run: Measurement; lines: readonly string[] }> {
  const journal = new Lines(plan);
  const run = await runLoad(plan, { observers: [journal] });
  return { run, lines: journal.lines };
}

function recover(lines: readonly string[]): Result {
  return readJournal(lines.map((line) => line.trimEnd()), "x.journal");
}

const RUNTIME = { name: "node", version: "20.0.0", os: "linux", arch: "x64", cpus: 2 } as const;
const START: RunStart = { runtime: RUNTIME, socket: "node", startedAt: new Date("2026-11-24T12:00:00Z") };
const HEAD = journalHead(resolve({ load: { rps: 2, duration: "1h" } }, "t"), START);

/** Two responses in each of so many seconds. */
function seconds(count: number): string[] {
  return Array.from({ length: count }, (_, at) => journalSecond(encodeSecond(secondOf(at, [300 + at, 900]))));
}

for (const bodyPolicy of ["read", "hold"] as const) {
  test(`journal: a run told to its end is recovered to the digit, verdicts too (bodies: ${bodyPolicy})`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x".repeat(400))));
    const plan = planFor(server.url, bodyPolicy, "1500ms");
    const { run, lines } = await journalled(plan);
    assert.deepEqual(recover(lines), summarize(plan, run));
    assert.equal(run.requests.completed, 225);
    assert.ok(!lines.join("").includes("hunter2"), "the journal holds no secret");
  });
}

test("journal: of several requests each has its account, so that a rule for one of them is judged as it was", async () => {
  await using server = await ScriptedServer.start(({ head, socket }) =>
    socket.write(head.startsWith("GET /buy") ? "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n" : ok("x"))
  );
  const plan = resolve({
    baseUrl: server.url,
    requests: [{ name: "look", url: "/look" }, { name: "buy", url: "/buy?token=hunter2" }, {
      url: "/never?token=hunter2",
      weight: 1e-9,
    }],
    load: { rps: 100, duration: "1200ms" },
    thresholds: ["p99{look} < 5s", "p99{buy} < 5s", "status.5xx{buy} < 1%", "errors{GET /never?token=hunter2} < 1"],
    failOnLeak: true,
  }, "t");
  const { run, lines } = await journalled(plan);
  const result = recover(lines);
  assert.deepEqual(result, summarize(plan, run));
  assert.deepEqual(result.byRequest!.map(({ failed }) => failed > 0), [false, true, false]);
  assert.deepEqual(result.thresholds.map(({ failed, reason }) => [failed, reason]), [
    [false, undefined],
    [true, "notAsExpected"],
    [true, undefined],
    [true, "noRequests"],
    [result.leak.verdict !== "clean", result.leak.verdict],
  ]);
  assert.ok(!`${lines.join("")}${resultToJson(result)}`.includes("hunter2"), "a rule names no secret");
  const broken = lines[1]!.replace('"byRequest":[{', '"byRequest":[{"failed":-1},{');
  assert.throws(() => recover([lines[0]!, broken]), { name: "UsageError" });
});

test("journal: the rule that ended a run is the one that did, whatever became of it", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const thresholds = [{ expression: "connections.live.end < 1", abort: true }];
  const plan = resolve({ request: { url: server.url }, load: { rps: 50, duration: "9s" }, thresholds }, "t");
  const { run, lines } = await journalled(plan);
  assert.equal(run.stoppedBy, "connections.live.end < 1");
  assert.deepEqual(recover(lines), summarize(plan, run));
  assert.equal(recover(lines).thresholds[0]!.endedRun, true);
});

test("journal: a run whose rate changes keeps the rate that it was asked for", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const stages = [{ duration: "1s", rps: 100 }, { duration: "200ms", rps: 100 }];
  const plan = resolve({ request: { url: server.url }, load: { stages } }, "t");
  const { run, lines } = await journalled(plan);
  const result = recover(lines);
  assert.deepEqual(result, summarize(plan, run));
  assert.equal(result.requests.offered, 70);
  assert.equal(Math.round(result.rps.target! * 1.2), 70);
});

test("journal: the intervals of all seconds add up to the totals", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const { run, lines } = await journalled(planFor(server.url, "read", "2200ms"));
  for (const name of CLOCKS) {
    const sum = latencyHistogram(64);
    for (const line of lines.slice(1, -1)) sum.add(readHdr(JSON.parse(line).latencyUs[name].hdr));
    assert.equal(sum.totalCount, run.latency[name].totalCount, name);
    for (const percentile of [0, 50, 90, 99, 100]) {
      assert.equal(sum.getValueAtPercentile(percentile), run.latency[name].getValueAtPercentile(percentile), name);
    }
  }
});

test("journal: a run that was killed is one that was stopped, after as many seconds as there are lines", () => {
  const result = recover([HEAD, ...seconds(3)]);
  assert.equal(result.outcome, "stopped");
  assert.equal(result.outcomeReason, "the run was killed after 3 s; recovered from its journal");
  assert.equal(result.requests.completed, 6);
  assert.equal(result.latencyUs.response.count, 6);
  assert.equal(result.latencyUs.response.max, 900);
  assert.deepEqual(result.series.map(({ second }) => second), [0, 1, 2]);
  assert.equal(result.leak.connectionsPerRequest, null, "three samples make no slope");
  assert.deepEqual(parseResult(resultToJson(result), "a.json"), result);
  assert.match(renderTerminal(result, { columns: 80, color: false }), /killed after 3 s; recovered from its journal/);
});

test("journal: a run that was killed in its first second has a result as well", () => {
  const result = recover([HEAD]);
  assert.deepEqual([result.requests.offered, result.series.length, result.leak.verdict], [0, 0, "inconclusive"]);
  assert.equal(result.rps.target, 2);
  assert.match(renderTerminal(result, { columns: 80, color: false }), /killed after 0\.?0? s/);
});

test("journal: one that was written before bodies were counted has none held", () => {
  const older = seconds(8).map((text) => {
    const { line, state, samples, ...rest } = JSON.parse(text);
    delete line.heldBodies;
    delete state.census.heldBodies;
    delete state.heldBodies;
    delete state.heldByRequest;
    return JSON.stringify({ line, state, samples: samples.map((sample: number[]) => sample.slice(0, 3)), ...rest });
  });
  const result = recover([HEAD, ...older]);
  assert.deepEqual(result, recover([HEAD, ...seconds(8)]));
  assert.equal(result.leak.heldBodies, 0);
});

test("journal: its text and its lines are the same, but for a last line that was cut off", () => {
  const lines = [HEAD, ...seconds(3)];
  const whole = recover(lines);
  assert.deepEqual(readJournal(lines.map((line) => line.trimEnd()), "x.journal"), whole);
  assert.deepEqual(readJournal(`${lines.join("")}{"line":{"sec`, "x.journal"), whole);
  assert.throws(() => readJournal("", "x.journal"), /^UsageError: x\.journal: expected the journal of a run/);
});

test("journal: how the run ended is told where it did", () => {
  const result = recover([HEAD, ...seconds(2), journalEnding({ outcome: "interrupted", reason: "interrupted" })]);
  assert.deepEqual([result.outcome, result.outcomeReason], ["interrupted", "interrupted"]);
});

test("journal: the series adds up to what was offered, what was sent after the last second's end included", () => {
  const late = secondOf(1, [1, 2]);
  const { state } = late;
  const requests = { ...state.requests, offered: state.requests.offered + 1, inFlight: 1 };
  const [first] = seconds(1);
  const result = recover([HEAD, first!, journalSecond(encodeSecond({ ...late, state: { ...state, requests } }))]);
  assert.deepEqual(result.series.map(({ offered }) => offered), [2, 3]);
  assert.equal(result.requests.offered, 5);
});

test("journal: answers in the grace are none of the rate, and a line knows its length, in older journals too", () => {
  const last = secondOf(1, [1, 2], { lengthMs: 250 });
  const line = { ...last.line, lengthMs: 250, graceMs: 250, answeredInGrace: 2 };
  const state = { ...last.state, durationMs: 1000, answeredInGrace: 2 };
  const [first] = seconds(1);
  const { rps, series } = recover([first!, { ...last, line, state }].reduce<string[]>(
    (lines, second) => [...lines, typeof second === "string" ? second : journalSecond(encodeSecond(second))],
    [HEAD],
  ));
  assert.deepEqual(rps, { target: null, achieved: 2, answeredInGrace: 2 });
  assert.deepEqual(series.map(({ lengthMs, graceMs }) => [lengthMs, graceMs]), [[1000, undefined], [250, 250]]);
  const { lengthMs: _, ...short } = last.line;
  const { answeredInGrace: __, ...before } = last.state;
  const older = JSON.stringify({ ...encodeSecond(last), line: short, state: before });
  const recovered = recover([HEAD, first!, `${older}\n`]);
  assert.deepEqual([recovered.series[1]!.lengthMs, recovered.rps.answeredInGrace], [250, 0]);
});

test("journal: a damaged line is refused in one line that names the file, the line and what was expected", () => {
  const [first, second] = seconds(2);
  const broken = (change: (line: Record<string, Record<string, Record<string, unknown>>>) => void): string => {
    const value = JSON.parse(second!);
    change(value);
    return JSON.stringify(value);
  };
  const cases: readonly [lines: readonly string[], message: RegExp][] = [
    [["{}"], /^x\.journal:1: expected a journal's first line, but schema: expected "loadgen\/journal@1"$/],
    [["["], /^x\.journal:1: expected JSON$/],
    [[HEAD, first!, second!.substring(0, 100)], /^x\.journal:3: expected JSON$/],
    [[HEAD, "null"], /^x\.journal:2: expected a second of a run, but expected object, received null$/],
    [[HEAD, second!], /^x\.journal:2: expected second 0, got 1$/],
    [[HEAD, first!, first!], /^x\.journal:3: expected second 1, got 0$/],
    [[HEAD, journalEnding({ outcome: "completed", reason: "" }), first!], /^x\.journal:3: expected no line after/],
    [
      [HEAD, first!, broken((line) => line["state"]!["requests"]!["offered"] = -1)],
      /^x\.journal:3: expected a second of a run, but state\.requests\.offered: /,
    ],
    [
      [HEAD, first!, broken((line) => line["latencyUs"]!["lag"]!["hdr"] = "HISTFAAAA")],
      /^x\.journal:3: latencyUs\.lag\.hdr: expected a compressed HdrHistogram$/,
    ],
    [
      [HEAD, first!, broken((line) => line["latencyUs"]!["lag"]!["max"] = 1e9)],
      /^x\.journal:3: latencyUs\.lag\.max: expected the histogram's, about \d+, got 1000000000$/,
    ],
  ];
  for (const [lines, message] of cases) {
    assert.throws(() => recover(lines), (error: unknown) => {
      assert.ok(error instanceof UsageError, String(error));
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }
});

test("journal: names that are every object's own, and control characters, do no harm", () => {
  const evil = JSON.parse(seconds(1)[0]!);
  const names = '{"__proto__":7,"constructor":5,"toString":3,"\\u001b[2J\\u0007\\u009b":2}';
  evil.state.census.readLoops = evil.state.requests.byError = evil.state.census.totals.closed = "@";
  const line = JSON.stringify(evil).replaceAll('"@"', names);
  const head = HEAD.replace('"name":"t"', '"name":"\\u001b]0;x\\u0007","__proto__":{"polluted":1}');
  const result = recover([head, line, journalEnding({ outcome: "stopped", reason: "\u001b[31mred\u009b" })]);
  const text = renderTerminal(result, { columns: 80, color: false });
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  assert.doesNotMatch(text, /native code/);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  assert.deepEqual(parseResult(resultToJson(result), "a.json").requests.byError["constructor"], 5);
});

test("journal: a file is known by its first bytes", () => {
  assert.ok(isJournal(HEAD.substring(0, 64)));
  assert.ok(!isJournal('{\n  "schema": "loadgen/result@1"'));
  assert.ok(!isJournal(""));
});

test("journal: what was open after the run is in its last line", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const plan = resolve({
    request: { url: server.url, bodyPolicy: "hold" },
    load: { rps: 50, requests: 10, settle: "50ms" },
  }, "t");
  const { run, lines } = await journalled(plan);
  const { settle, connections, leak } = summarize(plan, run);
  const recovered = recover(lines);
  assert.deepEqual(recovered.settle, settle);
  assert.equal(settle!.heldBodies, 10);
  assert.deepEqual([recovered.connections.sockets, recovered.leak.heldBodies], [connections.sockets, leak.heldBodies]);
});
