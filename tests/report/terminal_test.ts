import assert from "node:assert/strict";
import test from "node:test";
import { stripVTControlCharacters } from "node:util";
import { LOOP_MEANINGS } from "../../lib/report/section/ledger.ts";
import { renderTerminal } from "../../lib/report/terminal.ts";
import type { Result } from "../../lib/result/result.ts";
import { READ_LOOP_STATES } from "../../lib/transport/http1/read_loop_states.ts";
import { WRITE_LOOP_STATES } from "../../lib/transport/http1/write_loop.ts";
import {
  allFailedResult,
  cleanResult,
  emptyResult,
  hourResult,
  leakingResult,
  oneSecondResult,
  ruledResult,
} from "../support/result_fixture.ts";
import { lineWith, screenLines, screenWidth } from "./screen.ts";

const FIXTURES: Readonly<Record<string, Result>> = {
  clean: cleanResult(),
  leaking: leakingResult(),
  "all failed": allFailedResult(),
  "one second": oneSecondResult(),
  empty: emptyResult(),
  "an hour": hourResult(),
  "held to thresholds": ruledResult(),
};

function report(result: Result, columns = 80): string {
  return renderTerminal(result, { columns, color: false });
}

for (const [name, result] of Object.entries(FIXTURES)) {
  test(`terminal: no line is wider than the terminal, ${name}`, () => {
    for (const columns of [20, 40, 50, 60, 80, 100, 120, 140, 200]) {
      const width = screenWidth(renderTerminal(result, { columns, color: true }));
      assert.ok(width <= columns, `${width} columns of ${columns}`);
    }
  });

  test(`terminal: every panel's y axis stands over the time axis, ${name}`, () => {
    if (result.series.length === 0) return assert.match(report(result), /before its first second was recorded/);
    for (const columns of [60, 80, 120, 200]) {
      const lines = screenLines(report(result, columns));
      const corner = lines.findIndex((line) => line.includes("└┬"));
      const column = lines[corner]!.indexOf("└");
      const axes = lines.slice(0, corner).filter((line) => /^ *[^ ]* ?[^ ]* [┤│]/.test(line));
      assert.equal(axes.length, 9 + 5 + 5 + 5);
      assert.deepEqual([...new Set(axes.map((line) => line.search(/[┤│]/)))], [column]);
      assert.equal(lines[corner + 1]!.indexOf("0"), column + 1);
    }
  });

  test(`terminal: colour adds nothing to the words, ${name}`, () => {
    const colored = renderTerminal(result, { columns: 80, color: true });
    assert.notEqual(colored, report(result));
    assert.equal(stripVTControlCharacters(colored), report(result));
  });

  test(`terminal: in ASCII every line is as wide as before, ${name}`, () => {
    const ascii = renderTerminal(result, { columns: 80, color: false, ascii: true });
    assert.match(ascii, /^[\n -~]*$/);
    assert.deepEqual(
      ascii.split("\n").map((line) => line.length),
      report(result).split("\n").map((line) => line.length),
    );
  });
}

test("terminal: the head says what ran, where and how it ended", () => {
  const lines = screenLines(report(cleanResult()));
  assert.equal(lines[0], "  clean");
  assert.equal(lines[1], "  500 rps in all, 10 s, bodies read");
  assert.equal(lines[2], "  node 20.20.2 · linux x64 · 2 CPUs · node sockets · 10.0 s · completed");
  assert.match(
    report(allFailedResult()),
    /The run was stopped: 2,500 requests in a row failed with\s+dial\/ECONNREFUSED\./,
  );
});

test("terminal: a saturated generator is told before any figure", () => {
  const text = report(hourResult());
  const warning = text.indexOf("Warning, the generator was saturated");
  assert.ok(warning > 0 && warning < text.indexOf("offered"));
  assert.doesNotMatch(report(cleanResult()), /Warning/);
});

test("terminal: offered is the sum of what became of the requests", () => {
  const { requests } = hourResult();
  const sum = requests.completed + requests.failed + requests.inFlight + requests.unsent;
  assert.equal(requests.offered, sum, "the fixture adds up");
  const text = report(hourResult(), 120);
  assert.match(
    lineWith(text, "offered"),
    /offered +44,\d{3},\d{3} {2}= 44,[\d,]+ completed \+ 4,\d{3} failed \+ 64 in flight \+ 120 unsent/,
  );
  assert.match(lineWith(text, "status"), /200: 44,\d{3},\d{3} · 429: 4,000 · 503: 1,200/);
  assert.match(lineWith(text, "errors"), /body\/ECONNRESET: 4,\d{3} · head\/timeout awaiting response headers: 300/);
  assert.match(lineWith(text, "    rate "), /closed loop/);
});

test("terminal: an error whose remedy is known is followed by it, once and in the width there is", () => {
  const base = allFailedResult();
  const reportOf = (byError: Record<string, number>, columns?: number) =>
    report({ ...base, requests: { ...base.requests, byError } }, columns);
  const untrusted = { "tls/DEPTH_ZERO_SELF_SIGNED_CERT": 3, "tls/UNABLE_TO_VERIFY_LEAF_SIGNATURE": 2 };
  const hints = reportOf(untrusted).match(/The server's certificate is not trusted: --cacert FILE or -k$/gm);
  assert.equal(hints?.length, 1);
  assert.match(reportOf({ "tls/ERR_TLS_CERT_ALTNAME_INVALID": 1 }), /is for another name: --servername NAME or -k/);
  assert.match(reportOf({ "proxy/ECONNREFUSED": 1 }), /--proxy\s+none\s+goes\s+without/);
  assert.match(reportOf({ "dial/ECONNREFUSED": 1, other: 1 }), /Nothing listens at the address/);
  assert.doesNotMatch(reportOf({ other: 1 }), /--/);
  for (const columns of [20, 40, 60]) assert.ok(screenWidth(reportOf(untrusted, columns)) <= columns);
});

test("terminal: percentiles of response, service and lag stand side by side", () => {
  const { response, service, lag } = cleanResult().latencyUs;
  const text = report(cleanResult());
  const p50 = [response, service, lag].map(({ p50 }) => `${p50} µs`);
  assert.deepEqual(lineWith(text, "    p50 ").trim().split(/ {2,}/), ["p50", ...p50]);
  assert.deepEqual(lineWith(text, "    count ").trim().split(/ {2,}/), ["count", "5,000", "5,000", "5,000"]);
  assert.deepEqual(lineWith(report(allFailedResult()), "    p99.9 ").trim().split(/ {2,}/), [
    "p99.9",
    "229 µs",
    "–",
    "39 µs",
  ]);
});

test("terminal: what requests without an end could raise is at least what it says", () => {
  const text = report(hourResult());
  assert.match(lineWith(text, "    max "), /max +≥ [\d.]+ m?s /);
  assert.doesNotMatch(lineWith(text, "    p50 "), /≥/);
  assert.match(lineWith(text, "censored"), /censored +184 {2}without an end when the run ended/);
  assert.match(text.replace(/\s+/g, " "), /≥: at least, 184 without an end count with their age/);
  assert.doesNotMatch(report(cleanResult()), /≥|censored/);
});

test("terminal: the wait for a connection has a column where any request waited, and room", () => {
  assert.match(lineWith(report(hourResult()), "service"), /response +service +lag +wait$/);
  assert.match(lineWith(report(cleanResult()), "service"), /response +service +lag$/);
  assert.match(lineWith(report(hourResult(), 40), "service"), /response +service +lag$/);
});

test("terminal: each kind of error has its response times", () => {
  const text = report(hourResult());
  assert.match(text, /Errors, response time/);
  assert.match(lineWith(text, "response headers  "), /head\/timeout awaiting response headers +300( +5\.00 s){3}$/);
  assert.match(lineWith(report(hourResult(), 60), "awaiting…"), /head\/timeout awaiting… +300( +5\.00 s){3}$/);
  assert.doesNotMatch(report(cleanResult()), /Errors, response time/);
});

test("terminal: a rate that was not held is told before any figure, with what it fell short by", () => {
  const short = { ...cleanResult(), rps: { target: 500, achieved: 312 } };
  const text = report({ ...short, generator: { ...short.generator, limit: "server" } }).replace(/\s+/g, " ");
  const warning = text.indexOf(
    "The rate was not held: 312/s completed of 500/s asked for (62.4 %). The server was the limit, or the connections",
  );
  assert.ok(warning > 0 && warning < text.indexOf("offered"));
  assert.match(report(allFailedResult()).replace(/\s+/g, " "), /0\/s completed of 250\/s .* 2,500 failed\./);
  const failed = { ...allFailedResult(), generator: { ...short.generator, limit: "generator" as const } };
  assert.match(report(failed).replace(/\s+/g, " "), /2,500 failed\. (?!The generator)/, "it sent them all");
  assert.doesNotMatch(report(cleanResult()), /not held/);
  assert.doesNotMatch(report(hourResult()), /not held/, "a closed loop has none");
});

test("terminal: the generator's section says in how many seconds who was the limit", () => {
  assert.match(lineWith(report(hourResult()), "    limit "), /limit +generator {2}in 3,\d{3} of 3,600 s · the server/);
  assert.doesNotMatch(report(cleanResult()), /^ +limit /m);
});

test("terminal: each threshold has a line, with what it was", () => {
  const text = report(ruledResult());
  const lines = screenLines(text).map((line) => line.trim());
  const from = lines.indexOf("Thresholds");
  assert.deepEqual(lines.slice(from, from + 8), [
    "Thresholds",
    "✗ p99 < 200ms: it was 340 ms",
    "✓ errors <= 1%: it was 0.5 %",
    "",
    "Fail if",
    "✗ max > 5s: it was at least 1.20 s",
    "✗ connect.p99 > 1s: failed, it could not be measured",
    "✓ rss.slope > 1KiB: it was 69 B",
  ]);
  assert.doesNotMatch(report(cleanResult()), /Thresholds|Fail if/);
});

test("terminal: the ledger tells dials, reuses and closes, and what the loops wait for", () => {
  const leak = report(leakingResult());
  assert.match(lineWith(leak, "dialed"), /dialed +5,000 {2}about one for every request/);
  assert.match(lineWith(leak, "read loops"), /read loops +5,000 {2}awaitingBodyRead: body neither read nor closed/);
  const hour = report(hourResult());
  assert.match(lineWith(hour, "    closed "), /closed +4,748 {2}earlyClose: 3,900 · serverClosedIdle: 508/);
  assert.match(lineWith(report(cleanResult()), "dialed"), /dialed +3 {2}one for every 1,667 requests/);
});

test("terminal: every state that a loop can be found in is explained", () => {
  const states = [...READ_LOOP_STATES, ...WRITE_LOOP_STATES].filter((state) => state !== "closed");
  assert.deepEqual(states.filter((state) => LOOP_MEANINGS[state] === undefined), []);
});

test("terminal: a state without an explanation is shown by its name", () => {
  const result = cleanResult();
  const odd = { ...result, connections: { ...result.connections, readLoops: { upgraded: 7 } } };
  assert.match(lineWith(report(odd), "read loops"), /read loops +7 {2}upgraded$/);
});

test("terminal: the verdict is the last word, in words", () => {
  for (const result of Object.values(FIXTURES)) {
    const text = report(result).replace(/\s+/g, " ");
    const verdict = text.lastIndexOf(result.leak.verdict.toUpperCase());
    assert.ok(verdict > text.lastIndexOf(" Verdict "));
    assert.ok(text.endsWith(result.leak.reason), text.slice(-200));
  }
});

test("terminal: the verdict's colour is red, green or yellow", () => {
  const colored = (result: Result) => renderTerminal(result, { columns: 80, color: true });
  assert.ok(colored(leakingResult()).includes("\x1b[31m✗ LEAKING"));
  assert.ok(colored(cleanResult()).includes("\x1b[32m✓ CLEAN"));
  assert.ok(colored(oneSecondResult()).includes("\x1b[33m? INCONCLUSIVE"));
});

test("terminal: a growth is seen to grow, and a constant rate is a level line", () => {
  const lines = screenLines(report(leakingResult()));
  const panel = (title: string, rows: number) => {
    const start = lines.findIndex((line) => line.includes(title));
    return lines.slice(start + 1, start + 1 + rows).map((line) => line.replace(/^.*?[┤│]/, ""));
  };
  const filled = panel("Live connections", 5).map((row) => [...row].filter((char) => char === "█").length);
  assert.deepEqual(filled, [...filled].sort((a, b) => a - b), "each row is fuller than the one above");
  assert.ok(filled[0]! > 0 && filled[4]! > 3 * filled[0]!);
  assert.match(panel("Completed", 1)[0]!, /^─+$/);
});

test("terminal: foreign names cannot drive the terminal", () => {
  const result = cleanResult();
  const evil = {
    ...result,
    plan: { name: "a\x1b]0;owned\x07b", description: "c\x1b[2J" },
    requests: { ...result.requests, byError: { "x\x1b[8m": 2 } },
    leak: { ...result.leak, reason: "first\r\nsecond\x9b2J" },
  };
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(report(evil), /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});
