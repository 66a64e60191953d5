import assert from "node:assert/strict";
import test from "node:test";
import { spoiledBy, spoilsAll, unlikePlans, unlikeRuns } from "../../../lib/result/difference/unlike.ts";
import type { Result } from "../../../lib/result/result.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import { cleanResult } from "../../support/result_fixture.ts";

function planOf(scenario: Scenario): Result["plan"] {
  return JSON.parse(JSON.stringify(resolve(scenario)));
}

const BASE: Scenario = { request: { url: "http://127.0.0.1:8080/a?b=1" }, load: { rps: 100, duration: "10s" } };

function unlike(change: Scenario) {
  const { request, load, ...rest } = change;
  const scenario = { ...BASE, ...rest, request: { ...BASE.request, ...request }, load: { ...BASE.load, ...load } };
  return unlikePlans(planOf(BASE), planOf(scenario as Scenario));
}

test("unlike: the same plan, wherever the service stands, is the same", () => {
  assert.deepEqual(unlike({}), []);
  assert.deepEqual(unlike({ request: { url: "https://staging.example:8443/a?b=1" } }), []);
  assert.deepEqual(
    unlike({ load: { connections: 3 } }).map(({ spoils }) => spoils),
    [[]],
    "with a rate, it is a limit",
  );
});

test("unlike: other requests leave nothing to compare", () => {
  for (const request of [{ url: "http://127.0.0.1:8080/c" }, { method: "POST" as const }, { body: "much" }]) {
    const [first] = unlike({ request });
    assert.equal(spoilsAll([first!]), first);
  }
  assert.deepEqual(unlike({ request: { url: "http://127.0.0.1:8080/c" } })[0], {
    field: "request.url",
    a: "/a?b=1",
    b: "/c",
    spoils: ["latency", "rate", "errors", "memory", "connections"],
  });
});

test("unlike: another load makes other latencies, a longer one another memory, and a client is only named", () => {
  const [rate] = unlike({ load: { rps: 200 } });
  assert.deepEqual([rate!.field, rate!.a, rate!.b], ["load.rps", "100", "200"]);
  assert.deepEqual([...spoiledBy([rate!])], ["latency", "rate", "memory", "connections"]);
  const [duration] = unlike({ load: { duration: "1m" } });
  assert.deepEqual(duration, { field: "load.duration", a: "10 s", b: "1 m", spoils: ["memory", "connections"] });
  const [client] = unlike({ load: { client: "fetch" } });
  assert.deepEqual(client, { field: "load.client", a: "loadgen", b: "fetch", spoils: [] });
  const [limit] = unlike({ transport: { maxConnsPerHost: 5 } });
  assert.deepEqual(limit, { field: "transport.maxConnsPerHost", a: "none", b: "5", spoils: [] });
});

test("unlike: connections count where a closed loop uses them", () => {
  const closed = (connections: number) => planOf({ load: { connections, duration: "10s" } });
  assert.deepEqual(unlikePlans(closed(4), closed(8)).map(({ field }) => field), ["load.connections"]);
});

test("unlike: a plan of which a result tells nothing is taken to be the same", () => {
  assert.deepEqual(unlikePlans({ name: "", description: "" }, planOf(BASE)), []);
});

test("unlike: another runtime, or another version of it, is said first, and leaves all to compare", () => {
  const of = (name: "node" | "bun", version: string, change: Scenario = BASE): Result => {
    const result = cleanResult();
    return { ...result, runtime: { ...result.runtime, name, version }, plan: planOf(change) };
  };
  assert.deepEqual(unlikeRuns(of("node", "24.1.0"), of("node", "24.1.0")), []);
  assert.deepEqual(unlikeRuns(of("node", "24.1.0"), of("bun", "1.4.5")), [
    { field: "runtime", a: "node 24.1.0", b: "bun 1.4.5", spoils: [] },
  ]);
  const fetching = { ...BASE, load: { ...BASE.load, client: "fetch" as const } };
  assert.deepEqual(
    unlikeRuns(of("node", "24.1.0"), of("node", "24.2.0", fetching)).map(({ field }) => field).slice(0, 2),
    ["runtime", "load.client"],
  );
});
