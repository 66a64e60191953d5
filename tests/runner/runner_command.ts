import { join } from "node:path";
import type { RuntimeName } from "../../cli/process/runtimes.ts";

/** The words behind a runtime's executable that run one test file and write its JUnit report. */
export function runnerCommand(runtime: RuntimeName, file: string, report: string): string[] {
  switch (runtime) {
    case "node": {
      const to = (reporter: string, where: string) => [
        `--test-reporter=${reporter}`,
        `--test-reporter-destination=${where}`,
      ];
      return [...to("spec", "stdout"), ...to("junit", report), join("dist", file.replace(/\.ts$/, ".js"))];
    }
    case "deno":
      return ["test", "-A", "--no-check", "--quiet", `--junit-path=${report}`, file];
    case "bun":
      // a test's own limit is 5 s there, the other two have none: the file's is the one that counts
      return ["test", "--timeout", "600000", "--reporter=junit", `--reporter-outfile=${report}`, `./${file}`];
  }
}
