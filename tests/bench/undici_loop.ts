// undici's `request` as a load generator: each sender reads its response to the end, and sends again.
//
//   undici_loop URL CONNECTIONS SECONDS keep|close 1 WARM-UP-SECONDS
//
// Prints requests per second.

import process from "node:process";
import { Agent, type Dispatcher } from "undici";

const [url, connections, seconds, mode] = process.argv.slice(2) as [string, string, string, string];
const warmSeconds = Number(process.argv[7]);
const agent = new Agent({
  connections: Number(connections),
  pipelining: mode === "close" ? 0 : 1,
  connect: { rejectUnauthorized: false },
});
const { origin, pathname } = new URL(url);
const options: Dispatcher.RequestOptions = { origin, path: pathname, method: "GET" };
const startedMs = performance.now() + warmSeconds * 1000;
const endMs = startedMs + Number(seconds) * 1000;
let requests = 0;

async function send(): Promise<void> {
  while (performance.now() < endMs) {
    const { body } = await agent.request(options);
    await body.dump({ limit: Infinity });
    if (performance.now() >= startedMs) requests += 1;
  }
}

await Promise.all(Array.from({ length: Number(connections) }, send));
console.log((requests * 1000) / (performance.now() - startedMs));
process.exit(0);
