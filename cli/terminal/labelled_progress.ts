import type { Progress } from "../../lib/load/progress.ts";
import { progressLine } from "../../lib/report/progress.ts";
import type { ProgressPainter } from "./terminal.ts";

/** Paints a run's progress with a label in front, where several runs follow each other. */
export function paintLabelled(painter: ProgressPainter, label: string): (progress: Progress) => void {
  return (progress) =>
    painter.paint(({ columns, color }) => {
      const front = `${label}  `;
      return front + progressLine(progress, { columns: Math.max(20, columns - front.length), color });
    });
}
