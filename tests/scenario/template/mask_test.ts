import assert from "node:assert/strict";
import test from "node:test";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { maskPlan, maskUrl } from "../../../lib/scenario/template/mask.ts";
import { maskProxy } from "../../../lib/scenario/value/proxy_url.ts";

test("mask: no credential of a plan is left in what is stored", () => {
  const secret = "hunter2";
  const names = ["Authorization", "cookie", "Proxy-Authorization", "X-Api-Key", "x-apikey", "X-Auth-Token", "X-Secret"];
  const plan = resolve({
    request: {
      url: `http://user:${secret}@host/?api_key=${secret}&access_token=${secret}&page=2`,
      headers: Object.fromEntries(names.map((name) => [name, secret])),
      body: `{"password": "${secret}"}`,
    },
    transport: { proxy: `http://user:${secret}@proxy:3128` },
  });
  const masked = maskPlan(plan);
  assert.ok(JSON.stringify(plan).includes(secret));
  assert.ok(!JSON.stringify(masked).includes(secret), JSON.stringify(masked));
  assert.equal(masked.requests[0]!.body, "(23 bytes)");
  assert.equal(masked.transport.proxy, "http://***@proxy:3128");
});

test("mask: a proxy keeps its scheme, host and port, and one that is malformed keeps no secret either", () => {
  const cases: [proxy: string, masked: string][] = [
    ["http://proxy:3128", "http://proxy:3128"],
    ["environment", "environment"],
    ["socks5://me:hunter2@[::1]:1080", "socks5://***@[::1]:1080"],
    ["me:hunter2@proxy:3128", "***@proxy:3128"],
    ["http://me:hun@ter/2@proxy", "http://***@proxy"],
    ["http://me:hun\nter2@proxy", "http://***@proxy"],
  ];
  for (const [proxy, masked] of cases) assert.equal(maskProxy(proxy), masked);
});

test("mask: variables that are named like secrets, and secrets in several requests' names and URLs", () => {
  const plan = resolve({
    baseUrl: "http://me:hunter2@h/",
    variables: { apiToken: "hunter2", "db-password": "hunter2", page: 3 },
    requests: [{ url: "/a?key=hunter2&x={{page}}" }, { name: "b", headers: { Authorization: "hunter2" } }],
  });
  const masked = maskPlan(plan);
  assert.ok(!JSON.stringify(masked).includes("hunter2"), JSON.stringify(masked));
  assert.equal(masked.requests[0]!.url, "/a?key=***&x={{page}}");
  assert.deepEqual(masked.variables, { apiToken: "***", "db-password": "***", page: "3" });
});

test("mask: what is no secret stays readable", () => {
  const headers = { Accept: "text/html", "X-Request-Id": "42", Keyboard: "qwerty" };
  assert.deepEqual(maskPlan(resolve({ request: { headers } })).requests[0]!.headers, Object.entries(headers));
  assert.equal(maskUrl("http://host/a%20b?q=x%20y&monkey=1"), "http://host/a%20b?q=x%20y&monkey=1");
});
