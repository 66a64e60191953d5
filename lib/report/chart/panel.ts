// Charts stacked over one time axis: every panel has the same columns, so an event is in the same place in all of them.

import type { Panel, Panels } from "../section.ts";
import { truncate, widthOf } from "../text/layout.ts";
import type { Style } from "../text/style.ts";
import { renderChart } from "./chart.ts";
import { renderTimeAxis, resample, type TimeAxis } from "./time_axis.ts";

/** What the axes take beside the labels: a space, the y axis, and the time axis's last tick. */
const AXIS_COLUMNS = 3;

/** The panels, top to bottom, and the time axis under the last one. */
export function renderPanels({ panels, seconds, spanSeconds }: Panels, columns: number, style: Style): string[] {
  const labelColumns = Math.max(...panels.flatMap(({ scale }) => scale.labels.map(widthOf)));
  const axis: TimeAxis = { seconds: spanSeconds, columns: columns - labelColumns - AXIS_COLUMNS };
  const lines: string[] = [];
  for (const panel of panels) {
    if (lines.length > 0) lines.push("");
    const curves = panel.curves.map((curve) => ({ ...curve, values: resample(seconds, curve, axis) }));
    lines.push(titleLine(panel, columns, style), ...renderChart(curves, panel.scale, labelColumns, style));
  }
  const [line, labels] = renderTimeAxis(axis);
  const margin = " ".repeat(labelColumns + 1);
  lines.push(style.faint(`${margin}└${line}`), style.faint(`${margin} ${labels}`));
  return lines;
}

/** The title, then the legends of as many curves as fit. */
function titleLine({ title, curves }: Panel, columns: number, style: Style): string {
  let plainText = truncate(title, columns);
  let painted = style.strong(plainText);
  for (const { name, figure, tone } of curves) {
    const words = [name, figure].filter((word) => word !== "").join(" ");
    const mark = curves.length > 1 ? "━ " : "";
    if (widthOf(plainText) + 3 + widthOf(mark + words) > columns) break;
    plainText += `   ${mark}${words}`;
    painted += `   ${style[tone](mark)}${mark === "" ? style[tone](words) : words}`;
  }
  return painted;
}
