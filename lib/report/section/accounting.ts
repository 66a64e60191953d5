// Where every offered request went, to the unit.

import { formatBytes, formatCount, formatPercent, formatRate } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import { plain } from "../foreign_text.ts";
import type { Fact, Prose, Section } from "../section.ts";
import { errorHints, redirectHint } from "./error_hints.ts";

/** Less than this of the rate asked for is a rate that was not held. */
const HELD_SHARE = 0.95;

/** For the head of a report: empty if the rate was held, and if the run did not get the time to. */
export function rateWarning(result: Result): Prose[] {
  const { rps, requests, generator, outcome } = result;
  if (rps.target === null || outcome === "interrupted" || wasHeld(result, rps.target)) return [];
  const inGrace = rps.answeredInGrace ?? 0;
  const missing = [
    ...(requests.failed > 0 ? [`${formatCount(requests.failed)} failed`] : []),
    ...(inGrace > 0 ? [`${formatCount(inGrace)} more in the grace`] : []),
    ...(requests.censored > 0 ? [`${formatCount(requests.censored)} had no end yet`] : []),
  ].join(", ");
  // what failed was sent at its rate and had an end: for that nobody was too slow
  const ended = requests.completed + requests.failed >= HELD_SHARE * requests.offered;
  const limit = generator.limit === "generator" && requests.failed > 0 && ended ? "none" : generator.limit;
  const text = `The rate was not held: ${formatRate(rps.achieved)} completed ${rateWords(result)}` +
    `${missing === "" ? "" : `; ${missing}`}. ${LIMITS[limit]}`.trimEnd();
  return [{ kind: "prose", text, tone: "caution" }];
}

/**
 * The last requests of a load are answered after it however fast a server is: as many as fall due while it serves one.
 * Its fastest answer says how long that is, as slower ones may have waited for those before them.
 */
function wasHeld(
  { rps: { achieved, answeredInGrace = 0 }, latencyUs: { service }, durationMs }: Result,
  target: number,
) {
  const underWay = (target * service.min) / 1e6;
  return achieved + (Math.min(answeredInGrace, underWay) * 1000) / Math.max(1, durationMs) >= HELD_SHARE * target;
}

const LIMITS: Readonly<Record<Result["generator"]["limit"], string>> = {
  generator: "The generator was the limit.",
  server: "The server was the limit, or the connections to it.",
  none: "",
};

/** offered = completed + failed + in flight + unsent, then rate, statuses, errors and bytes; last, what helps against errors. */
export function requestsSection(result: Result): Section {
  const { requests, rps, bytes } = result;
  const parts = [
    `${formatCount(requests.completed)} completed`,
    `${formatCount(requests.failed)} failed`,
    `${formatCount(requests.inFlight)} in flight`,
    `${formatCount(requests.unsent)} unsent`,
  ];
  const facts: Fact[] = [
    { name: "offered", figure: formatCount(requests.offered), details: [`= ${parts.join(" + ")}`] },
    {
      name: "rate",
      figure: formatRate(rps.achieved),
      details: [rateWords(result), ...graceWords(rps), ...handWords(result)],
    },
  ];
  if (requests.censored > 0) {
    const details = ["without an end when the run ended", "in response with their age so far"];
    facts.push({ name: "censored", figure: formatCount(requests.censored), details, tone: "caution" });
  }
  const uncounted = [
    ...(result.warmup === undefined ? [] : [`${formatCount(result.warmup.offered)} to warm up`]),
    ...(result.cooldown === undefined ? [] : [`${formatCount(result.cooldown.offered)} to cool down`]),
  ];
  if (uncounted.length > 0) {
    const figure = formatCount((result.warmup?.offered ?? 0) + (result.cooldown?.offered ?? 0));
    facts.push({ name: "besides", figure, details: [...uncounted, "not counted"] });
  }
  if (requests.retried > 0) {
    facts.push({ name: "retried", figure: formatCount(requests.retried), details: ["on a fresh connection"] });
  }
  const statuses = byCount(requests.byStatus);
  if (statuses.length > 0) {
    const answered = statuses.reduce((sum, [, count]) => sum + count, 0);
    facts.push({ name: "status", figure: formatCount(answered), details: statuses.map(([code, n]) => each(code, n)) });
  }
  const errors = byCount(requests.byError);
  if (errors.length > 0) {
    const share = formatPercent(requests.failed / Math.max(1, requests.offered));
    const details = [`${share} of all`, ...errors.map(([code, n]) => each(code, n))];
    facts.push({ name: "errors", figure: formatCount(requests.failed), details, tone: "bad" });
  }
  const received = { figure: formatBytes(bytes.received), details: ["received", `${formatBytes(bytes.sent)} sent`] };
  facts.push({ name: "bytes", ...received });
  const hints = [...errorHints(errors.map(([code]) => code)), redirectHint(requests.byStatus) ?? []].flat()
    .map((text): Prose => ({ kind: "prose", text, tone: "caution" }));
  return { title: "Requests", blocks: [{ kind: "facts", facts }, ...hints] };
}

function rateWords({ rps }: Result): string {
  if (rps.target === null) return "as fast as the connections allow (closed loop)";
  const share = rps.target === 0 ? 1 : rps.achieved / rps.target;
  return `of ${formatRate(rps.target)} asked for (${formatPercent(share)})`;
}

function graceWords({ answeredInGrace = 0 }: Result["rps"]): string[] {
  return answeredInGrace === 0 ? [] : [`${formatCount(answeredInGrace)} more in the grace`];
}

function handWords({ series }: Result): string[] {
  const steered = series.some(({ changes }) => changes?.some((change) => /^(?:rate |paused$)/.test(change)));
  return steered ? ["rates and pauses set by hand included"] : [];
}

/** The entries that count something, most first, then by name. */
export function byCount(counts: Readonly<Record<string, number>>): [name: string, count: number][] {
  return Object.entries(counts).filter(([, count]) => count > 0)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, count]) => [plain(name), count]);
}

function each(name: string, count: number): string {
  return `${name}: ${formatCount(count)}`;
}
