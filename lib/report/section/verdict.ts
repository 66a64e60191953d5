// The last word of a report: does it leak, and why. The word says it; the colour only repeats it.

import { formatBytes, formatSlope } from "../../core/units.ts";
import type { Slope } from "../../record/statistics/slope.ts";
import type { Result } from "../../result/result.ts";
import { sentence } from "../foreign_text.ts";
import type { Fact, Section, Text, Tone } from "../section.ts";
import { countsCalls } from "./ledger.ts";

type LeakVerdict = Result["leak"]["verdict"];

const MARKS: Readonly<Record<LeakVerdict, string>> = {
  leaking: "✗",
  growing: "!",
  clean: "✓",
  inconclusive: "?",
};

const TONES: Readonly<Record<LeakVerdict, Tone>> = {
  leaking: "bad",
  growing: "bad",
  clean: "good",
  inconclusive: "caution",
};

/** `✗ leaking`: the mark and the word. */
export function verdictText({ leak: { verdict } }: Result): Text {
  return { text: `${MARKS[verdict]} ${verdict}`, tone: TONES[verdict] };
}

/** The slopes that the verdict rests on, then the verdict and its sentence. */
export function verdictSection(result: Result): Section {
  const { verdict, reason, heldPerRequest, connectionsPerRequest, rssBytesPerRequest, rssBytesPerHeld } = result.leak;
  const tone = TONES[verdict];
  const facts = [
    ...(result.leak.heldBodies > 0 ? slopeFact("held bodies per request", heldPerRequest, formatSlope) : []),
    ...slopeFact(
      `${countsCalls(result) ? "open calls" : "connections"} per request`,
      connectionsPerRequest,
      formatSlope,
    ),
    ...slopeFact("memory per request", rssBytesPerRequest, formatBytes),
    ...slopeFact("memory per held body", rssBytesPerHeld, formatBytes),
  ];
  return {
    title: "Verdict",
    blocks: [
      ...(facts.length === 0 ? [] : [{ kind: "facts", facts } as const]),
      { kind: "headline", text: `${MARKS[verdict]} ${verdict.toUpperCase()}`, tone },
      { kind: "prose", text: sentence(reason), tone },
    ],
  };
}

function slopeFact(name: string, slope: Slope | null, format: (value: number) => string): Fact[] {
  if (slope === null) return [];
  const interval = `95 % interval ${format(slope.low)} … ${format(slope.high)}`;
  return [{ name, figure: format(slope.slope), details: [interval] }];
}
