// A schedule in one line: its rate as a curve, then its figures.

import { formatCount, formatRate, formatSeconds } from "../core/units.ts";
import type { Schedule } from "../load/schedule/schedule.ts";
import { areaCells } from "./chart/area.ts";
import { toAscii } from "./text/ascii.ts";
import { truncate } from "./text/layout.ts";
import type { RenderOptions } from "./text/style.ts";

const LEAST_CURVE_COLUMNS = 10;
const MOST_CURVE_COLUMNS = 40;

/** Instants looked at in each column; the highest rate is what is drawn, so that a spike far shorter than it shows. */
const LOOKS = 64;

/** A column's last look is not yet at the next one's rate. */
const JUST_BEFORE = 1 - 1e-9;

/** "▁▃▆██████▂▁  76,500 requests in 1 m 30 s, mean 850/s, peak 1,000/s": for a schedule that has an end. */
export function scheduleLine(schedule: Schedule, options: Pick<RenderOptions, "columns" | "ascii">): string {
  const { count, endMs, rps } = schedule;
  const finest = ratesOf(schedule, MOST_CURVE_COLUMNS);
  const peak = Math.max(...finest);
  let words = `${formatCount(count)} ${count === 1 ? "request" : "requests"} in ${formatSeconds(endMs / 1000)}`;
  if (finest.some((rate) => rate !== peak)) words += `, mean ${formatRate(rps)}, peak ${formatRate(peak)}`;
  const room = Math.max(LEAST_CURVE_COLUMNS, options.columns - 2 - words.length);
  const rates = room < MOST_CURVE_COLUMNS ? ratesOf(schedule, room) : finest;
  const [curve] = areaCells(rates, { min: 0, max: peak }, 1);
  const line = truncate(`${curve!.join("")}  ${words}`, options.columns);
  return options.ascii === true ? toAscii(line) : line;
}

/** The highest rate in each column. */
function ratesOf(schedule: Schedule, columns: number): number[] {
  return Array.from({ length: columns }, (_, column) => {
    let highest = 0;
    for (let look = 0; look <= LOOKS; look++) {
      const share = (column + Math.min(look / LOOKS, JUST_BEFORE)) / columns;
      highest = Math.max(highest, schedule.rpsAt(schedule.endMs * share));
    }
    return highest;
  });
}
