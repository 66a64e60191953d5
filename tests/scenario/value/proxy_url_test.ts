import assert from "node:assert/strict";
import test from "node:test";
import { normalizeProxy, problemOfProxy } from "../../../lib/scenario/value/proxy_url.ts";

test("proxy: a URL, a host with a port, none and environment will do", () => {
  const good = [
    "http://proxy",
    "https://proxy:8443/",
    "socks5://127.0.0.1",
    "socks5h://me:a%40b@[::1]:1080",
    "proxy:3128",
  ];
  for (const proxy of [...good, "HTTP://proxy", "me:pw@proxy:3128", "none", "environment", ""]) {
    assert.equal(problemOfProxy(proxy), undefined, proxy);
  }
});

test("proxy: anything else is refused with the reason, and without its password", () => {
  const cases: [proxy: string, reason: RegExp][] = [
    ["noen", /neither scheme nor port$/],
    ["proxy", /neither scheme nor port$/],
    ["ftp://proxy", /scheme is ftp$/],
    ["http://", /no host$/],
    ["http:///proxy", /no host$/],
    ["socks5://:1080", /no host$/],
    ["http://me:hunter2@", /no host$/],
    ["http://proxy:99999", /got "http:\/\/proxy:99999"$/],
    ["http://me:hunter2@a b", /got "http:\/\/\*\*\*@a b"$/],
    ["http://me:12/hunter2@proxy", /got "http:\/\/\*\*\*@proxy", which goes on after the port$/],
    ["http://me:hunter2%zz@proxy", /not percent-encoded$/],
  ];
  for (const [proxy, reason] of cases) {
    const problem = problemOfProxy(proxy) ?? "";
    assert.match(problem, reason, proxy);
    assert.ok(!problem.includes("hunter2"), problem);
  }
});

test("proxy: of the URL only scheme, userinfo and host are kept", () => {
  assert.equal(normalizeProxy("me:pw@Proxy:3128"), "http://me:pw@proxy:3128");
  assert.equal(normalizeProxy("https://me@proxy/"), "https://me:@proxy");
  assert.equal(normalizeProxy("socks5://proxy:1080"), "socks5://proxy:1080");
});
