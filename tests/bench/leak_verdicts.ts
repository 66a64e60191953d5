// The test bench of the leak verdict: `node dist/tests/bench/leak_verdicts.js [RUNS OF EACH KIND]` prints what it says of
// synthetic runs, by what is true of them, and fails if it is mistaken in one.

import process from "node:process";
import { confusionTable, judgeRuns, mistakes } from "../support/confusion.ts";

const judged = judgeRuns(Number(process.argv[2] ?? 100));
const wrong = mistakes(judged);
console.log(`${confusionTable(judged)}\n\n${judged.length} runs, ${wrong.length} mistakes`);
for (const mistake of wrong) console.log(mistake);
process.exitCode = wrong.length === 0 ? 0 : 1;
