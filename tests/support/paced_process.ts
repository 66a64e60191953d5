// A process that is woken once by its pacer and has nothing else to do: node paced_process.js <stopped|left>

import process from "node:process";
import { systemClock } from "../../lib/core/clock.ts";
import { startPacer } from "../../lib/load/pacer/start_pacer.ts";

const pacer = await startPacer("precise", systemClock);
const alive = setTimeout(() => {}, 60_000); // as a run's own timers: the pacer is not what keeps it alive
pacer.wakeAt(performance.now() + 5, () => {
  clearTimeout(alive);
  process.stdout.write("woken");
  if (process.argv[2] === "stopped") pacer.stop();
  else pacer.wakeAt(performance.now() + 3_600_000, () => {});
});
