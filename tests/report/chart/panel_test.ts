import assert from "node:assert/strict";
import test from "node:test";
import { renderPanels } from "../../../lib/report/chart/panel.ts";
import type { Curve, Panels } from "../../../lib/report/section.ts";
import { styleFor } from "../../../lib/report/text/style.ts";
import { screenWidth } from "../screen.ts";

const style = styleFor({ columns: 80, color: false });

const live: Curve = {
  name: "",
  figure: "0 → 4, peak 4",
  tone: "primary",
  shape: "area",
  values: [0, 1, 2, 4, 4],
  reduce: "largest",
};

const panels: Panels = {
  kind: "panels",
  spanSeconds: 5,
  seconds: [0, 1, 2, 3, 4],
  panels: [
    { title: "Live", curves: [live], scale: { min: 0, max: 4, labels: ["0", "4"] } },
    {
      title: "Rate",
      curves: [{ ...live, shape: "line", values: [3, 3, 3, 3, 3], name: "now" }, { ...live, name: "then" }],
      scale: { min: 0, max: 8, labels: ["0", "8 MiB"] },
    },
  ],
};

test("panels: all stand over one time axis, whatever their labels", () => {
  assert.deepEqual(renderPanels(panels, 28, style).map((line) => line.trimEnd()), [
    "Live   0 → 4, peak 4",
    "    4 ┤            ████████",
    "      │        ▄▄▄▄████████",
    "    0 ┤    ▆▆▆▆████████████",
    "",
    "Rate   ━ now 0 → 4, peak 4",
    "8 MiB ┤",
    "      │────────────────────",
    "    0 ┤    ▃▃▃▃▆▆▆▆████████",
    "      └┬───────────────────╮",
    "       0                 5 s",
  ]);
});

test("panels: several curves are told apart in the title, as many as fit", () => {
  const title = (columns: number) => renderPanels(panels, columns, style)[5];
  assert.equal(title(80), "Rate   ━ now 0 → 4, peak 4   ━ then 0 → 4, peak 4");
  assert.equal(title(40), "Rate   ━ now 0 → 4, peak 4");
});

test("panels: they keep to their width", () => {
  for (const columns of [28, 40, 80, 200]) {
    assert.ok(screenWidth(renderPanels(panels, columns, style).join("\n")) <= columns);
  }
});
