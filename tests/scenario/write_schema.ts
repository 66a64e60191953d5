// Writes scenarios/scenario.schema.json and scenarios/README.md from the zod schema: `node dist/tests/scenario/write_schema.js`.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { scenarioJsonSchema } from "../../lib/scenario/scenario.ts";
import { scenarioReference } from "./reference.ts";

writeFileSync(
  join(packageRoot, "scenarios", "scenario.schema.json"),
  `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`,
);
writeFileSync(join(packageRoot, "scenarios", "README.md"), scenarioReference());
