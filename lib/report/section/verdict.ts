// The last word of a report: does it leak, and why. The word says it; the colour only repeats it.

import { formatBytes, formatSlope } from "../../core/units.ts";
import type { Result, Slope } from "../../result/result.ts";
import { type Fact, renderFacts, renderProse } from "../text/facts.ts";
import { sentence } from "../text/layout.ts";
import type { Paint, Style } from "../text/style.ts";

export type LeakVerdict = Result["leak"]["verdict"];

const MARKS: Readonly<Record<LeakVerdict, string>> = { leaking: "✗", clean: "✓", inconclusive: "?" };

/** The paint that belongs to a verdict. */
export function verdictPaint(verdict: LeakVerdict, style: Style): Paint {
  switch (verdict) {
    case "leaking":
      return style.bad;
    case "clean":
      return style.good;
    case "inconclusive":
      return style.caution;
  }
}

/** `✗ leaking`: the mark and the word. */
export function verdictWords(verdict: LeakVerdict): string {
  return `${MARKS[verdict]} ${verdict}`;
}

/** The slopes that the verdict rests on, then the verdict and its sentence. */
export function renderVerdict(result: Result, columns: number, style: Style): string[] {
  const { verdict, reason, connectionsPerRequest, rssBytesPerRequest } = result.leak;
  const paint = verdictPaint(verdict, style);
  const facts = [
    ...slopeFact("connections per request", connectionsPerRequest, formatSlope),
    ...slopeFact("memory per request", rssBytesPerRequest, formatBytes),
    ...perHeldFact(result.memory.rssBytesPerHeld),
  ];
  return [
    ...(facts.length === 0 ? [] : [...renderFacts(facts, columns, style), ""]),
    style.strong(paint(`${MARKS[verdict]} ${verdict.toUpperCase()}`)),
    ...renderProse(sentence(reason), columns, paint),
  ];
}

function slopeFact(name: string, slope: Slope | null, format: (value: number) => string): Fact[] {
  if (slope === null) return [];
  const interval = `95 % interval ${format(slope.low)} … ${format(slope.high)}`;
  return [{ name, figure: format(slope.slope), details: [interval] }];
}

function perHeldFact(bytes: number | null): Fact[] {
  if (bytes === null) return [];
  return [{ name: "memory per held body", figure: formatBytes(bytes), details: ["RSS for each connection more"] }];
}
