// Draws the state machines anew into lib/transport/README.md: `npm run diagrams`.

import { readFileSync, writeFileSync } from "node:fs";
import { README, withDiagrams } from "./diagrams.ts";

writeFileSync(README, withDiagrams(readFileSync(README, "utf8")));
