// The contract of lib/socket/socket.ts, held against every adapter that works in the runtime under test.

import { availableAdapters } from "../../lib/socket/detect.ts";
import { conformance } from "./contract.ts";
import { plainWire } from "./wire.ts";

for (const adapter of availableAdapters()) conformance(adapter, plainWire);
