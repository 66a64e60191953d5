import assert from "node:assert/strict";
import test from "node:test";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";

const REFUSED: readonly (readonly [field: string, scenario: Scenario])[] = [
  ["load.pipeline", { load: { pipeline: 2 } }],
  ["load.connections", { load: { rps: 5, connections: 3 } }],
  ["transport.disableKeepAlives", { transport: { disableKeepAlives: true } }],
  ["transport.maxIdleConnsPerHost", { transport: { maxIdleConnsPerHost: 1 } }],
  ["transport.maxConnsPerHost", { transport: { maxConnsPerHost: 1 } }],
  ["transport.idleConnTimeout", { transport: { idleConnTimeout: "1s" } }],
  ["transport.drainOnClose", { transport: { drainOnClose: false } }],
  ["transport.unixSocket", { transport: { unixSocket: "/s" } }],
  ["transport.proxy", { transport: { proxy: "http://127.0.0.1:1" } }],
  ["transport.proxy", { transport: { proxy: "none" } }],
  ["transport.socket", { transport: { socket: "node" } }],
  ["tls.insecure", { tls: { insecure: true } }],
  ["tls.cacert", { tls: { cacert: "ca.pem" } }],
  ["tls.cert", { tls: { cert: "c.pem", key: "k.pem" } }],
  ["tls.key", { tls: { key: "k.pem" } }],
  ["tls.servername", { tls: { servername: "x" } }],
  ["request.method", { request: { method: "TRACE" } }],
  ["request.method", { request: { method: "connect" } }],
  ["request.method", { request: { method: "patch" } }],
  ["request.body", { request: { body: "x" } }],
  ["request.headers.HOST", { request: { headers: { HOST: "x" } } }],
  ["requests[1].headers.Expect", {
    requests: [{ name: "a" }, { name: "b", headers: { Expect: "100-continue" } }],
  }],
];

test("beyond fetch: what a fetch does not heed is refused by its field", () => {
  for (const [field, scenario] of REFUSED) {
    const asked = { ...scenario, load: { ...scenario.load, client: "fetch" as const } };
    assert.throws(
      () => resolve(asked),
      (error: Error & { field?: string }) =>
        error.name === "UsageError" && error.field === field &&
        / cannot be used with load\.client fetch: .*\ba fetch\b/.test(error.message),
      JSON.stringify(scenario),
    );
  }
});

test("beyond fetch: what any fetch does is not refused", () => {
  const plan = resolve({
    request: { method: "POST", body: "x", headers: { Accept: "*/*", Cookie: "a=b", "User-Agent": "me" } },
    load: { client: "fetch", rps: 5, pipeline: undefined, workers: 2 },
    transport: { disableKeepAlives: false },
    tls: { insecure: false },
  });
  assert.deepEqual([plan.load.client, plan.transport.proxy], ["fetch", undefined]);
  assert.equal(resolve({}).load.client, "loadgen");
});
