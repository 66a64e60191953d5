import assert from "node:assert/strict";
import test from "node:test";
import { mayHaveCredentials, refererAfter } from "../../lib/client/redirect.ts";

test("redirect rules: no Referer goes from https to http, not even a given one", () => {
  const cases: [string, string, string | undefined, string | undefined][] = [
    ["https://a.test/1", "https://b.test/", undefined, "https://a.test/1"],
    ["http://a.test/1", "https://b.test/", undefined, "http://a.test/1"],
    ["https://a.test/1", "http://b.test/", undefined, undefined],
    ["https://a.test/1", "http://b.test/", "https://mine/", undefined],
    ["https://u:p@a.test/1?q#f", "https://b.test/", undefined, "https://a.test/1?q"],
  ];
  for (const [left, next, given, expected] of cases) {
    assert.equal(refererAfter(new URL(left), new URL(next), given), expected, `${left} → ${next}`);
  }
});

test("redirect rules: nothing is below an IPv6 address", () => {
  assert.equal(mayHaveCredentials(new URL("http://[::1]/"), new URL("http://[::1]:81/")), true);
  assert.equal(mayHaveCredentials(new URL("http://[::1]/"), new URL("http://[2::1]/")), false);
});
