// What the generator says about itself: whether its figures can be trusted.

import { type Fact, renderFacts, renderProse } from "./facts.ts";
import { plain, sentence } from "./layout.ts";
import type { Result } from "./result.ts";
import type { Style } from "./style.ts";
import { formatDuration, NO_VALUE } from "./units.ts";

/** Lag, event-loop delay and the generator's own CPU per request. */
export function renderGenerator(result: Result, columns: number, style: Style): string[] {
  const { verdict, reason, cpuUsPerRequest, loopDelayUs } = result.generator;
  const { lag } = result.latencyUs;
  const saturated = verdict === "saturated";
  const facts: Fact[] = [
    {
      name: "lag p99",
      figure: lag.count === 0 ? NO_VALUE : formatDuration(lag.p99),
      details: ["how late requests were sent"],
    },
    {
      name: "loop delay p99",
      figure: formatDuration(loopDelayUs.p99),
      details: ["how late timers fired", `${formatDuration(loopDelayUs.max)} at most`],
    },
    {
      name: "CPU",
      figure: result.requests.offered === 0 ? NO_VALUE : formatDuration(cpuUsPerRequest),
      details: ["per request, in the generator"],
    },
    {
      name: "verdict",
      figure: verdict,
      paint: saturated ? style.caution : style.good,
      details: saturated || reason === "" ? [] : [sentence(reason)],
    },
  ];
  return renderFacts(facts, columns, style);
}

/** For the head of a report: empty while the figures tell about the server alone. */
export function renderSaturationWarning(result: Result, columns: number, style: Style): string[] {
  if (result.generator.verdict !== "saturated") return [];
  const text = `Warning, the generator was saturated: ${plain(result.generator.reason)}`;
  return renderProse(text, columns, style.caution);
}
