// The same contract over TLS, from the dial on. It comes from the base everywhere.

import { nodeAdapter } from "../../lib/socket/node.ts";
import { conformance } from "./contract.ts";
import { tlsWire } from "./wire.ts";

conformance(nodeAdapter, await tlsWire());
