import assert from "node:assert/strict";
import test from "node:test";
import { resolve } from "../../lib/scenario/resolve.ts";
import type { Scenario } from "../../lib/scenario/scenario.ts";

test("resolve: an empty scenario is a closed loop of 64 for 10 s against the embedded target", () => {
  assert.deepEqual(resolve({}, "none"), {
    name: "none",
    description: "",
    baseUrl: undefined,
    requests: [{
      name: "GET /",
      path: "request",
      weight: 1,
      method: "GET",
      url: "/",
      headers: [],
      body: undefined,
      user: undefined,
      bodyFile: undefined,
      bodyIsJson: false,
      bodyPolicy: "read",
      timeoutMs: 30_000,
      expect: { status: ["1xx", "2xx", "3xx"], headers: [], bodyIncludes: undefined },
    }],
    flow: "weighted",
    seed: 1,
    variables: {},
    feeders: [],
    load: {
      client: "loadgen",
      rps: undefined,
      stages: undefined,
      arrivals: "constant",
      seed: 1,
      timestamps: undefined,
      durationMs: 10_000,
      requests: undefined,
      connections: 64,
      pipeline: 1,
      thinkTimeMs: 0,
      workers: 1,
      graceMs: 1000,
      warmupMs: 0,
      cooldownMs: 0,
      settleMs: 0,
      pacing: "precise",
    },
    transport: {
      disableKeepAlives: false,
      maxIdleConnsPerHost: undefined,
      maxConnsPerHost: undefined,
      idleConnTimeoutMs: 90_000,
      drainOnClose: true,
      unixSocket: undefined,
      proxy: "environment",
      socket: "auto",
    },
    tls: { insecure: false, cacert: undefined, cert: undefined, key: undefined, servername: undefined },
    target: { bodyBytes: 1024, bodyBytesMax: undefined, latencyMs: 0, chunked: false, slowBodyMs: 0 },
    thresholds: [],
    failOnLeak: false,
  });
});

test("resolve: a number of requests alone has no time limit", () => {
  const { load } = resolve({ load: { requests: 10 } });
  assert.deepEqual([load.requests, load.durationMs], [10, undefined]);
});

test("resolve: stages last as long as all of them together, unless a duration cuts them", () => {
  const stages = [{ duration: "30s", rps: 100 }, { duration: "0", rps: 5 }, { duration: "1m", rps: 5 }];
  const lasting = (load: Scenario["load"]) => resolve({ load: { stages, ...load } }).load.durationMs;
  assert.equal(lasting({}), 90_000);
  assert.equal(lasting({ requests: 10 }), 90_000);
  assert.equal(lasting({ duration: "45s" }), 45_000);
  assert.equal(lasting({ duration: "2m" }), 90_000);
});

test("resolve: timestamps have no time limit of their own", () => {
  assert.equal(resolve({ load: { timestamps: "x" } }).load.durationMs, undefined);
  assert.equal(resolve({ load: { timestamps: "x", duration: "5s" } }).load.durationMs, 5000);
});

test("resolve: in an open loop, connections limit the pool; in a closed one they are the senders", () => {
  assert.equal(resolve({ load: { rps: 5, connections: 3 } }).transport.maxConnsPerHost, 3);
  const stages = [{ duration: "1s", rps: 5 }];
  for (const load of [{ stages }, { timestamps: "x" }]) {
    assert.equal(resolve({ load: { ...load, connections: 3 } }).transport.maxConnsPerHost, 3);
  }
  assert.equal(resolve({ load: { connections: 3 } }).transport.maxConnsPerHost, undefined);
  assert.equal(resolve({ load: { connections: 3 } }).load.connections, 3);
});

test("resolve: a header's list becomes one line for each value", () => {
  const { requests: [request] } = resolve({ request: { headers: { a: ["1", "2"], b: "3" } } });
  assert.deepEqual(request!.headers, [["a", "1"], ["a", "2"], ["b", "3"]]);
});

test("resolve: a unix socket without a URL gets one that names its host", () => {
  assert.equal(resolve({ transport: { unixSocket: "/x" } }).baseUrl, "http://localhost/");
});

test("resolve: a proxy is a URL, none, or the environment's; through a unix socket there is none", () => {
  const proxyOf = (transport: Scenario["transport"]) => resolve({ transport }).transport.proxy;
  assert.equal(proxyOf({ proxy: "proxy:3128" }), "http://proxy:3128");
  assert.equal(proxyOf({ proxy: "SOCKS5://me:a%20b@[::1]:1080/" }), "socks5://me:a%20b@[::1]:1080");
  assert.equal(proxyOf({ proxy: "none" }), undefined);
  assert.equal(proxyOf({ proxy: "" }), undefined);
  assert.equal(proxyOf({ proxy: "environment" }), "environment");
  assert.equal(proxyOf({ unixSocket: "/x" }), undefined);
  assert.equal(proxyOf({ unixSocket: "/x", proxy: "none" }), undefined);
});

test("resolve: sizes and durations come out as numbers", () => {
  const { target } = resolve({ target: { bodyBytes: "1KiB", bodyBytesMax: 2000, latency: "5ms", slowBody: "1.5s" } });
  assert.deepEqual(target, { bodyBytes: 1024, bodyBytesMax: 2000, latencyMs: 5, chunked: false, slowBodyMs: 1500 });
});

test("resolve: thresholds say what must hold; one of them may end the run", () => {
  const { thresholds } = resolve({ thresholds: ["p99 < 1s", { expression: "errors < 5%", abort: true }] });
  assert.deepEqual(thresholds.map(({ expression, kind, abort }) => [expression, kind, abort]), [
    ["p99 < 1s", "mustHold", false],
    ["errors < 5%", "mustHold", true],
  ]);
});

test("resolve: two fields that contradict each other are named", () => {
  const cases: [Scenario, string][] = [
    [{ load: { rps: 1, connections: 2 }, transport: { maxConnsPerHost: 2 } }, "load.connections"],
    [{ load: { rps: 1, pipeline: 2 } }, "load.pipeline"],
    [{ load: { pipeline: 2 }, request: { bodyPolicy: "hold" } }, "load.pipeline"],
    [{ load: { pipeline: 2 }, request: { bodyPolicy: "close" } }, "load.pipeline"],
    [{ load: { pipeline: 2 }, transport: { disableKeepAlives: true } }, "load.pipeline"],
    [{ load: { stages: [{ duration: "0s", rps: 5 }] } }, "load.stages"],
    [{ load: { stages: [{ duration: "1s", rps: 0 }] } }, "load.stages"],
    [{ load: { stages: [{ duration: "1s", rps: 5 }, { duration: "0", rps: 9 }] } }, "load.stages[1]"],
    [
      { load: { stages: [{ duration: "0", rps: 5 }, { duration: "0", rps: 9 }, { duration: "1s", rps: 9 }] } },
      "load.stages[0]",
    ],
    [{ load: { stages: [{ duration: "500h", rps: 1 }, { duration: "77h", rps: 1 }] } }, "load.stages"],
    [{ load: { arrivals: "poisson" } }, "load.arrivals"],
    [{ load: { arrivals: "constant" } }, "load.arrivals"],
    [{ load: { rps: 1, seed: 1 } }, "load.seed"],
    [{ load: { rps: 1, seed: 1, arrivals: "constant" } }, "load.seed"],
    [{ load: { rps: 1, thinkTime: "1s" } }, "load.thinkTime"],
    [{ load: { stages: [{ duration: "1s", rps: 1 }], thinkTime: "1s" } }, "load.thinkTime"],
    [{ load: { timestamps: "x", thinkTime: "1s" } }, "load.thinkTime"],
    [{ load: { timestamps: "x", rps: 1 } }, "load.timestamps"],
    [{ load: { timestamps: "x", stages: [{ duration: "1s", rps: 1 }] } }, "load.timestamps"],
    [{ load: { timestamps: "x", arrivals: "poisson" } }, "load.timestamps"],
    [{ transport: { disableKeepAlives: true, maxIdleConnsPerHost: 2 } }, "transport.maxIdleConnsPerHost"],
    [{ request: { url: "http://a/" }, target: { latency: "1s" } }, "target.latency"],
    [{ target: { bodyBytes: 10, bodyBytesMax: 5 } }, "target.bodyBytesMax"],
    [{ transport: { unixSocket: "/x", proxy: "http://proxy" } }, "transport.proxy"],
  ];
  for (const [scenario, field] of cases) assert.throws(() => resolve(scenario), { name: "UsageError", field });
});
