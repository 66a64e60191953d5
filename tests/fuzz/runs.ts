// How many cases a property tries, and from which seed. FUZZ_RUNS and FUZZ_SEED set both; else a property chooses how
// many it needs, and every run begins elsewhere. A failure prints the seed and the path that lead to it.

import type fc from "fast-check";
import process from "node:process";

const SEED = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 0x7fffffff));

let told = false;

/** Parameters for `fc.assert`; `usual` cases unless FUZZ_RUNS says otherwise. */
export function runs<T>(usual: number): fc.Parameters<T> {
  if (!told) console.log(`fuzz: FUZZ_SEED=${SEED}`);
  told = true;
  return { numRuns: Number(process.env["FUZZ_RUNS"] ?? usual), seed: SEED, includeErrorInReport: true };
}
