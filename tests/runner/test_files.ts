import { readdirSync } from "node:fs";
import { join, normalize } from "node:path";
import { packageRoot } from "../../cli/process/runtimes.ts";

/** Tests that hold a clock against something, by the beginnings of their paths: they run with nothing beside them. */
const TIMED = [
  "tests/bench",
  "tests/load/account/limit_of_run_test",
  "tests/load/honesty_test",
  "tests/load/pacer",
].map(normalize);

/** Tests of whole runs, which a full machine delays: two of them run side by side. */
const PACED = [
  "tests/load/run_test",
  "tests/load/scenario_run_test",
  "tests/load/worker",
].map(normalize);

/** The paths of test files from the package's root, long ones first; of `tests/integration` alone, or of all but it. */
export function testFiles(integration: boolean, filters: readonly string[]): string[] {
  return readdirSync(join(packageRoot, "tests"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("_test.ts"))
    .filter((path) => path.startsWith("integration") === integration)
    .map((path) => join("tests", path))
    .filter((path) => filters.length === 0 || filters.some((part) => path.includes(part)))
    .sort((a, b) => Number(isLong(b)) - Number(isLong(a)) || (a < b ? -1 : 1));
}

/** What begins last should not take long: files that start process after process come first. */
function isLong(path: string): boolean {
  return ["tests/e2e", "tests/conformance", "tests/package"].some((folder) => path.startsWith(normalize(folder)));
}

/** How many files may run while a file does, itself included, of `most`. */
export function lanesFor(path: string, most: number): number {
  const isOf = (beginnings: readonly string[]) => beginnings.some((beginning) => path.startsWith(beginning));
  return isOf(TIMED) ? 1 : isOf(PACED) ? 2 : most;
}
