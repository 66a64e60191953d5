import assert from "node:assert/strict";
import test from "node:test";
import { overlay } from "../../../lib/scenario/overlay.ts";
import { usesTarget } from "../../../lib/scenario/plan.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";

test("requests: names come from method and URL, and paths say where each stands", () => {
  const { requests, flow, seed } = resolve({
    requests: [{ url: "/a" }, { name: "b", method: "PUT", weight: 2 }],
    seed: 9,
  });
  assert.deepEqual(requests.map(({ name, path, url, weight }) => [name, path, url, weight]), [
    ["GET /a", "requests[0]", "/a", 1],
    ["b", "requests[1]", "/", 2],
  ]);
  assert.deepEqual([flow, seed], ["weighted", 9]);
});

test("requests: an expectation's status becomes a list, its headers pairs", () => {
  const { requests: [request] } = resolve({ request: { expect: { status: "2xx", headers: { a: "/b/" } } } });
  assert.deepEqual(request!.expect, { status: ["2xx"], headers: [["a", "/b/"]], bodyIncludes: undefined });
});

test("requests: a status is expected as the request says, else as the scenario does, else below 400; any is any", () => {
  const statusOf = (scenario: Scenario) => resolve(scenario).requests.map(({ expect }) => expect.status);
  assert.deepEqual(statusOf({}), [["1xx", "2xx", "3xx"]]);
  assert.deepEqual(statusOf({ expectStatus: "any" }), [undefined]);
  const requests: Scenario["requests"] = [{}, { name: "b", expect: { status: 404 } }, {
    name: "c",
    expect: { status: "any" },
  }];
  assert.deepEqual(statusOf({ expectStatus: ["2xx", 301], requests }), [["2xx", 301], [404], undefined]);
});

test("requests: a path without a base URL is the embedded target's", () => {
  assert.ok(usesTarget(resolve({ request: { url: "/a" } })));
  assert.ok(!usesTarget(resolve({ request: { url: "/a" }, baseUrl: "http://h" })));
  assert.ok(!usesTarget(resolve({ requests: [{ url: "http://h/a" }] })));
});

test("requests: two fields that contradict each other are both named", () => {
  const cases: [Scenario, message: string][] = [
    [
      { request: { url: "/" }, requests: [{}] },
      "requests: cannot be used with request: a scenario has one request or several",
    ],
    [{ flow: "sequence" }, "flow: needs requests: a single request has no order"],
    [{ request: { weight: 2 } }, "request.weight: needs requests: a single request is always chosen"],
    [
      { flow: "sequence", requests: [{}, { name: "b", weight: 2 }] },
      "requests[1].weight: cannot be used with flow sequence: in a sequence each request has its turn",
    ],
    [{ requests: [{}, {}] }, 'requests[1].name: expected a name other than that of requests[0], got "GET /"'],
    [
      { requests: [{ body: "a", bodyJson: 1 }] },
      "requests[0].bodyJson: cannot be used with requests[0].body: a request has one body",
    ],
    [
      { requests: [{ bodyPolicy: "hold", expect: { bodyIncludes: "x" } }] },
      "requests[0].expect.bodyIncludes: cannot be used with requests[0].bodyPolicy hold: the body is not read",
    ],
    [
      { requests: [{ method: "HEAD", expect: { bodyIncludes: "x" } }] },
      "requests[0].expect.bodyIncludes: cannot be used with requests[0].method HEAD: its responses have no body",
    ],
    [
      { request: { headers: { "Accept-Encoding": "gzip" }, expect: { bodyIncludes: "x" } } },
      "request.expect.bodyIncludes: cannot be used with request.headers.Accept-Encoding: the body is searched as it comes, compressed or not",
    ],
    [
      { requests: [{ url: "/a" }, { url: "http://h/" }] },
      'requests[0].url: expected a baseUrl, or an absolute URL like that of requests[1].url, got "/a"',
    ],
    [
      { baseUrl: "http://h/", target: { latency: "1s" } },
      "target.latency: cannot be used with baseUrl: it applies to the embedded target alone",
    ],
    [
      { feeders: [{ file: "a.csv", as: "u" }, { file: "b.csv", as: "u" }] },
      'feeders[1].as: expected a name of its own, got "u"',
    ],
  ];
  for (const [scenario, message] of cases) assert.throws(() => resolve(scenario), { name: "UsageError", message });
});

test("overlay: a request over several changes each, and an absolute URL takes the place of what their paths count from", () => {
  const base: Scenario = {
    baseUrl: "http://a/",
    requests: [{ url: "/1", headers: { x: "1" }, bodyJson: 1 }, { name: "b" }],
  };
  const over = overlay(base, { request: { url: "http://b/", headers: { X: "2" }, body: "t", timeout: "1s" } });
  assert.equal(over.baseUrl, "http://b/");
  assert.equal(over.request, undefined);
  assert.deepEqual(over.requests, [
    { url: "/1", headers: { X: "2" }, body: "t", timeout: "1s" },
    { name: "b", headers: { X: "2" }, body: "t", timeout: "1s" },
  ]);
  assert.deepEqual(overlay({ request: { url: "/p" } }, { request: { url: "http://b/" } }), {
    ...overlay({}, {}),
    request: { url: "/p" },
    baseUrl: "http://b/",
  });
  assert.equal(overlay({ request: { url: "http://a/" } }, { request: { url: "http://b/" } }).request?.url, "http://b/");
  for (const url of ["http://b/", "/c"]) {
    const requests = [{ url: "/1" }, { url: url === "/c" ? "/2" : "http://a/2" }];
    assert.throws(() => overlay({ requests }, { request: { url } }), { name: "UsageError", field: "request.url" });
  }
});
