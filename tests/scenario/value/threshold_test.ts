import assert from "node:assert/strict";
import test from "node:test";
import {
  parseThreshold,
  percentileOf,
  problemOfThreshold,
  type Threshold,
} from "../../../lib/scenario/value/threshold.ts";

const READ:
  readonly (readonly [text: string, rule: Pick<Threshold, "metric" | "request" | "operator" | "bound" | "unit">])[] = [
    ["p99 < 200ms", { metric: "response.p99", operator: "<", bound: 200_000, unit: "us" }],
    ["p99<200ms", { metric: "response.p99", operator: "<", bound: 200_000, unit: "us" }],
    ["  p99.9 >=  1.5 s ", { metric: "response.p99.9", operator: ">=", bound: 1_500_000, unit: "us" }],
    ["p999 > 10us", { metric: "response.p999", operator: ">", bound: 10, unit: "us" }],
    ["max > 10µs", { metric: "response.max", operator: ">", bound: 10, unit: "us" }],
    ["min > 10μs", { metric: "response.min", operator: ">", bound: 10, unit: "us" }],
    ["response.mean <= 3ms", { metric: "response.mean", operator: "<=", bound: 3000, unit: "us" }],
    ["service.p95 > 1ms", { metric: "service.p95", operator: ">", bound: 1000, unit: "us" }],
    ["firstByte.p50 > 1ms", { metric: "firstByte.p50", operator: ">", bound: 1000, unit: "us" }],
    ["wait.max > 1ms", { metric: "wait.max", operator: ">", bound: 1000, unit: "us" }],
    ["errors == 0", { metric: "errors", operator: "==", bound: 0, unit: "count" }],
    ["errors > 0.5%", { metric: "errors", operator: ">", bound: 0.5, unit: "percent" }],
    ["failed > 3", { metric: "failed", operator: ">", bound: 3, unit: "count" }],
    ["rps.achieved < 480", { metric: "rps.achieved", operator: "<", bound: 480, unit: "count" }],
    ["rps.achieved < 95 %", { metric: "rps.achieved", operator: "<", bound: 95, unit: "percent" }],
    ["connections.live.end > 100", { metric: "connections.live.end", operator: ">", bound: 100, unit: "count" }],
    ["connections.slope > 0.01", { metric: "connections.slope", operator: ">", bound: 0.01, unit: "count" }],
    ["rss.slope > 1KiB", { metric: "rss.slope", operator: ">", bound: 1024, unit: "bytes" }],
    ["rss.end > 200MB", { metric: "rss.end", operator: ">", bound: 200_000_000, unit: "bytes" }],
    ["status.5xx > 1%", { metric: "status.5xx", operator: ">", bound: 1, unit: "percent" }],
    ["status.404 > 3", { metric: "status.404", operator: ">", bound: 3, unit: "count" }],
    ["leak.held > 0", { metric: "leak.held", operator: ">", bound: 0, unit: "count" }],
    ["leak.heldPerRequest > 0.01", { metric: "leak.heldPerRequest", operator: ">", bound: 0.01, unit: "count" }],
    ["p99{search} < 200ms", {
      metric: "response.p99",
      request: "search",
      operator: "<",
      bound: 200_000,
      unit: "us",
    }],
    ["errors { sign in } < 1%", { metric: "errors", request: "sign in", operator: "<", bound: 1, unit: "percent" }],
    ["p99{GET /a/{{id}}?x={y}} < 1s", {
      metric: "response.p99",
      request: "GET /a/{{id}}?x={y}",
      operator: "<",
      bound: 1_000_000,
      unit: "us",
    }],
    ["status.5xx{a > 5} == 0", { metric: "status.5xx", request: "a > 5", operator: "==", bound: 0, unit: "count" }],
    ["rss.peak > 1MiB", { metric: "rss.peak", operator: ">", bound: 1_048_576, unit: "bytes" }],
  ];

for (const [text, rule] of READ) {
  test(`threshold: ${text}`, () => {
    assert.deepEqual(parseThreshold(text, { field: "--fail-if", kind: "failIf", abort: true }), {
      expression: text.trim(),
      kind: "failIf",
      abort: true,
      ...rule,
    });
  });
}

const FORM = 'expected a metric, one of > >= < <= ==, and a value, such as "p99 > 200ms"';

const REFUSED: readonly (readonly [text: string, problem: string | RegExp])[] = [
  ["", `${FORM}, got ""`],
  ["p99", `${FORM}, got "p99"`],
  ["p99 > ", `${FORM}, got "p99 > "`],
  ["p99 = 5ms", `${FORM}, got "p99 = 5ms"`],
  ["p99 => 5ms", `${FORM}, got "p99 => 5ms"`],
  ["p99 > -5ms", `${FORM}, got "p99 > -5ms"`],
  ["p99 > 5ms 6ms", `${FORM}, got "p99 > 5ms 6ms"`],
  ["p9 > 5ms", 'unknown metric "p9", did you mean p90?'],
  ["p100 > 5ms", 'unknown metric "p100", did you mean p50?'],
  ["servce.p99 > 5ms", 'unknown metric "servce.p99", did you mean service.p99?'],
  ["error > 5", 'unknown metric "error", did you mean errors?'],
  ["rps > 5", 'unknown metric "rps", did you mean rps.achieved?'],
  ["constructor > 5", /^unknown metric "constructor", expected one of p50, .*, max, service\.p99, .*, status\.5xx$/],
  [
    "status.700 > 5",
    'unknown status "700", expected a code from 100 to 599 or a class, such as status.404 or status.5xx',
  ],
  [
    "status.foo > 5",
    'unknown status "foo", expected a code from 100 to 599 or a class, such as status.404 or status.5xx',
  ],
  [
    "status.6xx > 5",
    'unknown status "6xx", expected a code from 100 to 599 or a class, such as status.404 or status.5xx',
  ],
  ["status > 5", 'unknown metric "status", did you mean status.5xx?'],
  ["status.5xx > 5ms", 'expected a number or a share in % for status.5xx, got "status.5xx > 5ms"'],
  ["leak.held > 5%", 'expected a number without a unit for leak.held, got "leak.held > 5%"'],
  ["leak.hold > 5", 'unknown metric "leak.hold", did you mean leak.held?'],
  ["p99{} < 5ms", 'expected a request\'s name in the braces, such as p99{search}, got "p99{} < 5ms"'],
  [
    "rss.end{search} < 5MiB",
    "rss.end is not told by request, expected a figure of response such as p99, errors, status.5xx or leak.held before {search}",
  ],
  [
    "service.p99{search} < 5ms",
    "service.p99 is not told by request, expected a figure of response such as p99, errors, status.5xx or leak.held before {search}",
  ],
  ["p99{search < 5ms", `${FORM}, got "p99{search < 5ms"`],
  ["p99 > 5", 'expected a time in µs, us, ms or s for p99, such as 200ms, got "p99 > 5"'],
  ["p99 > 5%", 'expected a time in µs, us, ms or s for p99, such as 200ms, got "p99 > 5%"'],
  ["p99 > 5 parsecs", 'expected a time in µs, us, ms or s for p99, such as 200ms, got "p99 > 5 parsecs"'],
  ["errors > 5ms", 'expected a number or a share in % for errors, got "errors > 5ms"'],
  ["rss.end > 5", 'expected a size in B, KB, MB, KiB or MiB for rss.end, such as 16KiB, got "rss.end > 5"'],
  ["connections.dialed > 5%", 'expected a number without a unit for connections.dialed, got "connections.dialed > 5%"'],
];

for (const [text, problem] of REFUSED) {
  test(`threshold: ${JSON.stringify(text)} is refused`, () => {
    const said = problemOfThreshold(text) ?? "";
    if (typeof problem === "string") assert.equal(said, problem);
    else assert.match(said, problem);
    assert.throws(() => parseThreshold(text, { field: "thresholds[1]", kind: "mustHold", abort: false }), {
      name: "UsageError",
      message: `thresholds[1]: ${said}`,
    });
  });
}

test("threshold: the number behind a percentile's name", () => {
  const names = ["p50", "p05", "p99", "p99.9", "p999", "p9999", "p99.99", "p5", "p100", "p995", "max", "p"];
  assert.deepEqual(names.map(percentileOf), [
    50,
    5,
    99,
    99.9,
    99.9,
    99.99,
    99.99,
    undefined,
    undefined,
    99.5,
    undefined,
    undefined,
  ]);
});
