// What the generator says about itself: whether its figures can be trusted.

import { formatCount, formatDurationUs, NO_VALUE } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import { plain, sentence } from "../foreign_text.ts";
import type { Fact, Prose, Section } from "../section.ts";
import { lengthOf } from "./timeline.ts";

/** Lag, event-loop delay and the generator's own CPU per request. */
export function generatorSection(result: Result): Section {
  const { verdict, reason, cpuUsPerRequest, loopDelayUs } = result.generator;
  const { lag, dispatch, wait } = result.latencyUs;
  const saturated = verdict === "saturated";
  const facts: Fact[] = [
    {
      name: "lag p99",
      figure: lag.count === 0 ? NO_VALUE : formatDurationUs(lag.p99),
      details: lag.count === 0 ? [] : [
        "how late requests were sent",
        `${formatDurationUs(dispatch.p99)} by the generator`,
        ...(wait.max > 0 ? [`${formatDurationUs(wait.p99)} without a connection`] : []),
      ],
    },
    {
      name: "loop delay p99",
      figure: formatDurationUs(loopDelayUs.p99),
      details: ["how late timers fired", `${formatDurationUs(loopDelayUs.max)} at most`],
    },
    {
      name: "CPU",
      figure: result.requests.offered === 0 ? NO_VALUE : formatDurationUs(cpuUsPerRequest),
      details: ["per request, in the generator"],
    },
    ...limitFact(result),
    {
      name: "verdict",
      figure: verdict,
      tone: saturated ? "caution" : "good",
      details: saturated || reason === "" ? [] : [sentence(reason)],
    },
  ];
  return { title: "Generator", blocks: [{ kind: "facts", facts }] };
}

/** In how many seconds who was the limit; nothing where nobody was in any. */
function limitFact(result: Result): Fact[] {
  const seconds = { server: 0, generator: 0, none: 0 };
  for (const line of result.series) seconds[line.limit] += lengthOf(result, line);
  if (seconds.server + seconds.generator === 0) return [];
  const [most, least] = seconds.generator > seconds.server
    ? (["generator", "server"] as const)
    : (["server", "generator"] as const);
  const all = seconds.server + seconds.generator + seconds.none;
  const details = [`in ${tenths(seconds[most])} of ${tenths(all)} s`];
  if (seconds[least] > 0) details.push(`the ${least} in ${tenths(seconds[least])}`);
  return [{ name: "limit", figure: most, details }];
}

/** A last second may be cut short; of many, that is none. */
function tenths(seconds: number): string {
  return seconds < 100 ? String(Math.round(seconds * 10) / 10) : formatCount(seconds);
}

/** For the head of a report: empty while the figures tell about the server alone. */
export function saturationWarning(result: Result): Prose[] {
  if (result.generator.verdict !== "saturated") return [];
  const text = `Warning, the generator was saturated: ${plain(result.generator.reason)}`;
  return [{ kind: "prose", text, tone: "caution" }];
}
