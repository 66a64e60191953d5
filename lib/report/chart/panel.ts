// Charts stacked over one time axis: every panel has the same columns, so an event is in the same place in all of them.

import { truncate, widthOf } from "../text/layout.ts";
import type { Paint, Style } from "../text/style.ts";
import { type Curve, renderChart } from "./chart.ts";
import type { Scale } from "./scale.ts";
import { renderTimeAxis, type TimeAxis } from "./time_axis.ts";

/** What a curve is called in a panel's title, and the figure that goes with it. */
export interface Legend {
  /** Empty where the panel's title says it all. */
  readonly name: string;
  readonly figure: string;
  readonly paint: Paint;
}

/** One chart with its title. */
export interface Panel {
  readonly title: string;
  readonly legends: readonly Legend[];
  /** On top of each other; the first is drawn over the others. */
  readonly curves: readonly Curve[];
  readonly scale: Scale;
  readonly rows: number;
}

/** The width of the widest y label in these panels. */
export function labelColumnsOf(panels: readonly Panel[]): number {
  return Math.max(
    0,
    ...panels.map(({ scale }) => {
      const step = (scale.max - scale.min) / scale.steps;
      const values = Array.from({ length: scale.steps + 1 }, (_, level) => scale.min + level * step);
      return Math.max(...values.map((value) => widthOf(scale.format(value))));
    }),
  );
}

/** What the axes take beside the labels: a space, the y axis, and the time axis's last tick. */
export const AXIS_COLUMNS = 3;

/** The panels, top to bottom, and the time axis under the last one. */
export function renderPanels(panels: readonly Panel[], axis: TimeAxis, labelColumns: number, style: Style): string[] {
  const lines: string[] = [];
  for (const panel of panels) {
    if (lines.length > 0) lines.push("");
    lines.push(titleLine(panel, labelColumns + AXIS_COLUMNS + axis.columns, style));
    lines.push(...renderChart(panel.curves, { scale: panel.scale, rows: panel.rows, labelColumns }, style));
  }
  const [line, labels] = renderTimeAxis(axis);
  const margin = " ".repeat(labelColumns + 1);
  lines.push(style.faint(`${margin}└${line}`), style.faint(`${margin} ${labels}`));
  return lines;
}

/** The title, then as many legends as fit. */
function titleLine(panel: Panel, columns: number, style: Style): string {
  let plainText = truncate(panel.title, columns);
  let painted = style.strong(plainText);
  for (const { name, figure, paint } of panel.legends) {
    const words = [name, figure].filter((word) => word !== "").join(" ");
    const mark = panel.legends.length > 1 ? "━ " : "";
    if (widthOf(plainText) + 3 + widthOf(mark + words) > columns) break;
    plainText += `   ${mark}${words}`;
    painted += `   ${paint(mark)}${mark === "" ? paint(words) : words}`;
  }
  return painted;
}
