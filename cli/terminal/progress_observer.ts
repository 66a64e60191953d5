import type { Observer } from "../../lib/load/observer.ts";
import { progressLine } from "../../lib/report/progress_line.ts";
import type { ProgressPainter } from "./terminal.ts";

/** Paints a run's progress, with a label in front where several runs follow each other. Without a terminal it asks for none. */
export function progressObserver(painter: ProgressPainter, label?: string): Observer {
  if (!painter.enabled) return {};
  const front = label === undefined ? "" : `${label}  `;
  return {
    tick: (now) =>
      painter.paint(({ columns, color }) =>
        front + progressLine(now, { columns: front === "" ? columns : Math.max(20, columns - front.length), color })
      ),
  };
}
