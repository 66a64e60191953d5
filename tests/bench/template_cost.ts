// What a request costs that differs from sending to sending: its values are taken and its bytes made, nothing is sent.
//
//   node dist/tests/bench/template_cost.js [requests per round] [rounds]
//
// Prints ns per request of each round, and the least, for three requests.

import process from "node:process";
import { Random } from "../../lib/core/random.ts";
import { TransportRequestKind } from "../../lib/load/client/transport_request.ts";
import { resolve } from "../../lib/scenario/resolve.ts";
import type { Scenario } from "../../lib/scenario/scenario.ts";
import { compileRequests } from "../../lib/scenario/template/compile.ts";
import { encodingOf } from "../../lib/transport/http1/request_encoding.ts";
import { Transport } from "../../lib/transport/transport.ts";

const [requests = 1_000_000, rounds = 7] = process.argv.slice(2, 4).map(Number);

const CASES: Readonly<Record<string, Scenario["request"]>> = {
  "a number in the path": { url: "/items/{{index}}" },
  "three values and four headers": {
    url: "/users/{{name}}?page={{index}}",
    headers: { accept: "application/json", "accept-language": "en", "x-request-id": "{{uuid}}", "x-from": "bench" },
  },
  "a body of JSON": {
    method: "POST",
    url: "/orders",
    headers: { "content-type": "application/json" },
    bodyJson: { customer: "{{name}}", order: "{{index}}", items: ["a book", "a pen"], note: "as always" },
  },
};

const transport = new Transport({ disableCompression: true });
const iteration = {
  index: 0,
  uuid: "0b4e2f6e-2f0e-4d0e-9a59-6d0a1d9f0c11",
  rows: [["an example"]],
  random: new Random(1),
};

for (const [name, request] of Object.entries(CASES)) {
  const plan = resolve({ baseUrl: "http://127.0.0.1:8080", request: request!, feeders: [{ file: "names.csv" }] });
  const [compiled] = compileRequests(plan, { feeds: [{ columns: ["name"], rows: iteration.rows }] });
  const kind = new TransportRequestKind(compiled!, (gapped) => transport.prepareForm(gapped));
  let total = 0;
  const figures: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const from = performance.now();
    for (let index = 0; index < requests; index++) {
      iteration.index = index;
      total += encodingOf(kind.prepared(iteration)).bytes.length;
    }
    figures.push((performance.now() - from) * 1e6 / requests);
  }
  const shown = figures.map((ns) => ns.toFixed(0)).join(" ");
  console.log(
    `${name}: ${shown} ns a request; least ${Math.min(...figures).toFixed(0)} (${
      (total / requests / rounds).toFixed(1)
    } bytes)`,
  );
}
