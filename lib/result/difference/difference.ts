// What two runs of a plan, or several of each, differ in, and how sure that is.
//
// Each figure is compared by its logarithm, shares by themselves, with a 99 % interval of Student's t: ten figures are
// told at once, and one comparison in twenty at most is to see something where nothing is. With several runs on a side,
// what these show among themselves goes in with what each shows by itself, as moderated variances do (Smyth, 2004).

import type { Difference } from "../baseline_schema.ts";
import type { Result } from "../result.ts";
import { type Metric, METRICS } from "./metric.ts";
import { meanOf, type Spread, varianceOf } from "./spread.ts";
import { MOST_FREEDOM, t995 } from "../../record/statistics/student_t.ts";

/** Beside several runs, what each shows by itself counts as this many of them. */
const PRIOR_FREEDOM = 10;

/** The differences in all metrics that both sides have and `compared` admits. Each side is one run or several of it. */
export function differencesOf(
  before: readonly Result[],
  after: readonly Result[],
  compared: (metric: Metric) => boolean = () => true,
): Difference[] {
  return METRICS.filter(compared).flatMap((metric) => differenceIn(metric, before, after) ?? []);
}

/** Undefined: one of the sides has no such figure. */
export function differenceIn(
  metric: Metric,
  before: readonly Result[],
  after: readonly Result[],
): Difference | undefined {
  const sides = [before, after].map((results) => results.map(metric.value).filter((value) => value !== null));
  const [as, bs] = sides as [number[], number[]];
  if (as.length === 0 || bs.length === 0) return undefined;
  const isRatio = metric.unit === "percent";
  const told = { metric: metric.name, a: figureOf(as, isRatio), b: figureOf(bs, isRatio), unit: metric.unit };
  if (isRatio && told.a <= 0) return undefined;
  if (isRatio && told.b <= 0) return { ...told, change: -100, low: -100, high: -100, verdict: "lower" };
  const scale = isRatio ? Math.log : (value: number): number => value;
  const unscale = isRatio ? (ratio: number) => 100 * Math.expm1(ratio) : (value: number): number => value;
  const change = scale(told.b) - scale(told.a);
  const half = halfWidth(metric, [before, after], [as.map(scale), bs.map(scale)]);
  if (half === undefined) {
    return { ...told, change: rounded(unscale(change)), low: null, high: null, verdict: "none seen" };
  }
  const [low, high] = [unscale(change - half), unscale(change + half)];
  const verdict = low > 0 ? "higher" : high < 0 ? "lower" : "none seen";
  return { ...told, change: rounded(unscale(change)), low: rounded(low), high: rounded(high), verdict };
}

/** Of the interval; undefined: a run does not tell its spread. */
function halfWidth(
  { spread: spreadIn, floor, unit, value }: Metric,
  sides: readonly (readonly Result[])[],
  values: readonly (readonly number[])[],
): number | undefined {
  const runs = sides.flat().filter((result) => value(result) !== null);
  const spreads: (Spread | undefined)[] = runs.map((result) =>
    spreadIn === undefined ? { chance: 0, slow: 0, freedom: MOST_FREEDOM } : spreadIn(result)
  );
  if (!spreads.every((spread) => spread !== undefined)) return undefined;
  const floors = values.flat().map((figure) => unit === "percent" ? floor : floor * figure);
  const slow = Math.max(...spreads.map(({ slow }) => slow)); // a steady run beside an unsteady one was lucky
  const own = spreads.map(({ chance }, index) => chance + slow + floors[index]! ** 2);
  const ownFreedom = freedomOf(spreads, slow, own);
  const counts = values.map(({ length }) => length);
  const between = counts.map((count) => count - 1);
  const betweenFreedom = between[0]! + between[1]!;
  if (betweenFreedom === 0) return t995(ownFreedom) * Math.sqrt(own[0]! + own[1]!);
  const freedom = Math.min(PRIOR_FREEDOM, ownFreedom);
  const amongRuns = values.reduce((sum, each, at) => sum + (between[at]! > 0 ? between[at]! * varianceOf(each) : 0), 0);
  const variance = (freedom * meanOf(own) + amongRuns) / (freedom + betweenFreedom);
  return t995(freedom + betweenFreedom) * Math.sqrt(variance * (1 / counts[0]! + 1 / counts[1]!));
}

/**
 * By Welch and Satterthwaite: chance and floors are known, slow noise is what one run shows. Where it is all there is,
 * no more is known of it than that run tells.
 */
function freedomOf(spreads: readonly Spread[], slow: number, own: readonly number[]): number {
  const inAll = spreads.reduce((sum, { freedom }) => sum + freedom, 0);
  if (slow === 0) return inAll;
  const unsteady = Math.min(...spreads.filter((spread) => spread.slow === slow).map(({ freedom }) => freedom));
  const shareOfSlow = slow / meanOf(own);
  return Math.min(inAll, unsteady / shareOfSlow ** 2);
}

/** The figure of a side: of several runs the mean, of ratios the geometric one. */
function figureOf(values: readonly number[], isRatio: boolean): number {
  if (values.length === 1) return values[0]!;
  if (!isRatio) return meanOf(values);
  return values.some((value) => value <= 0) ? 0 : Math.exp(meanOf(values.map(Math.log)));
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
