// Writes cli/FLAGS.md from the tables of flags: `node dist/tests/cli/flag/write_flag_page.js`.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../cli/process/runtimes.ts";
import { flagPage } from "./flag_page.ts";

writeFileSync(join(packageRoot, "cli", "FLAGS.md"), flagPage());
