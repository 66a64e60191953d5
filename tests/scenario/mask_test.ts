import assert from "node:assert/strict";
import test from "node:test";
import { maskPlan, maskUrl } from "../../lib/scenario/mask.ts";
import { resolve } from "../../lib/scenario/resolve.ts";

test("mask: no credential of a plan is left in what is stored", () => {
  const secret = "hunter2";
  const names = ["Authorization", "cookie", "Proxy-Authorization", "X-Api-Key", "x-apikey", "X-Auth-Token", "X-Secret"];
  const plan = resolve({
    request: {
      url: `http://user:${secret}@host/?api_key=${secret}&access_token=${secret}&page=2`,
      headers: Object.fromEntries(names.map((name) => [name, secret])),
      body: `{"password": "${secret}"}`,
    },
  });
  const masked = maskPlan(plan);
  assert.ok(JSON.stringify(plan).includes(secret));
  assert.ok(!JSON.stringify(masked).includes(secret), JSON.stringify(masked));
  assert.equal(masked.request.body, "(23 bytes)");
});

test("mask: what is no secret stays readable", () => {
  const headers = { Accept: "text/html", "X-Request-Id": "42", Keyboard: "qwerty" };
  assert.deepEqual(maskPlan(resolve({ request: { headers } })).request.headers, Object.entries(headers));
  assert.equal(maskUrl("http://host/a%20b?q=x%20y&monkey=1"), "http://host/a%20b?q=x%20y&monkey=1");
});
