// The same contract over a connection that starts TLS as soon as it is open.

import { nodeAdapter } from "../../lib/socket/node.ts";
import { conformance } from "./contract.ts";
import { tlsWire, upgrading } from "./wire.ts";

const wire = await tlsWire();
conformance(upgrading(nodeAdapter), { ...wire, name: "upgraded socket", upgraded: true });
