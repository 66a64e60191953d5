// A process that listens and never accepts: dials beyond its full queue stay in mid-dial. Prints its port.

import { type AddressInfo, createServer } from "node:net";
import process from "node:process";

const server = createServer();
server.listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`, () => {
    // The event loop, and with it accept(), stands still until the process is killed, but for two minutes at most.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120_000);
    process.exit();
  });
});
