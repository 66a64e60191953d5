import assert from "node:assert/strict";
import test from "node:test";
import { normalizeUrl, problemOfUrl } from "../../../lib/scenario/value/target_url.ts";

test("url: an absolute http or https URL with a host will do", () => {
  for (const url of ["http://a", "http://a:8080/b?c=d#e", "HTTP://[::1]:80/", "http://u:p@h/", "https://a:8443/"]) {
    assert.equal(problemOfUrl(url), undefined, url);
  }
});

test("url: without scheme or host, or with another scheme, it is refused with the reason", () => {
  const cases: [url: string, reason: RegExp][] = [
    ["localhost:8080", /no scheme/],
    ["localhost", /no scheme/],
    ["//a/", /no scheme/],
    ["", /no scheme/],
    ["http://", /no host/],
    ["http:///path", /no host/],
    ["http://:8080/", /no host/],
    ["http://user@/", /no host/],
    ["ftp://a/", /scheme is ftp/],
    ["https:///path", /no host/],
    ["http://a:99999/", /^expected http:/],
    ["http://a b/", /^expected http:/],
    ["http://a/\nb", /^expected http:/],
  ];
  for (const [url, reason] of cases) assert.match(problemOfUrl(url) ?? "", reason, JSON.stringify(url));
});

test("url: the fragment stays here", () => {
  assert.equal(normalizeUrl("http://Host:80/a#b"), "http://host/a");
});
