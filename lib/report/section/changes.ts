// What was changed by hand while the run went on.

import { formatSeconds } from "../../core/units.ts";
import type { Result } from "../../result/result.ts";
import { plain } from "../text/layout.ts";
import type { Style } from "../text/style.ts";

/** A line per second with changes; empty where nobody steered. */
export function renderChanges({ series }: Result, style: Style): string[] {
  return series.flatMap(({ second, changes }) =>
    changes === undefined
      ? []
      : [`${style.faint(`at ${formatSeconds(second)}`.padEnd(10))}${plain(changes.join(", "))}`]
  );
}
