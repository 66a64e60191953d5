import assert from "node:assert/strict";
import test from "node:test";
import { CookieJar } from "../../lib/client/cookie_jar.ts";
import { ok } from "../support/scripted_server.ts";
import { EveryHost, moved } from "./every_host.ts";

test("cookies: kept by host, path, Secure and expiry", () => {
  const cases: [setCookie: string, from: string, to: string, sent: string][] = [
    ["c=1", "http://a.test/", "http://a.test/x", "c=1"],
    ["c=1", "http://a.test/", "http://a.test:81/", "c=1"],
    ["c=1", "http://a.test/", "http://b.test/", ""],
    ["c=1", "http://a.test/", "http://x.a.test/", ""],
    ["c=1; Domain=a.test", "http://a.test/", "http://x.a.test/", "c=1"],
    ["c=1; Domain=b.test", "http://a.test/", "http://b.test/", ""],
    ["c=1; Domain=com", "http://a.com/", "http://b.com/", ""],
    ["c=1; Domain=co.uk", "http://a.co.uk/", "http://b.co.uk/", ""],
    ["c=1; Path=/in", "http://a.test/in/x", "http://a.test/in/y", "c=1"],
    ["c=1; Path=/in", "http://a.test/in/x", "http://a.test/inner", ""],
    ["c=1", "http://a.test/in/x", "http://a.test/", ""],
    ["c=1; Secure", "https://a.test/", "https://a.test/", "c=1"],
    ["c=1; Secure", "https://a.test/", "http://a.test/", ""],
    ["c=1; Secure", "https://127.0.0.1/", "http://127.0.0.1/", ""],
    ["c=1; Max-Age=0", "http://a.test/", "http://a.test/", ""],
    ["c=1; Max-Age=100", "http://a.test/", "http://a.test/", "c=1"],
    ["c=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT", "http://a.test/", "http://a.test/", ""],
    ["c=1; HttpOnly; SameSite=Strict", "http://a.test/", "http://a.test/", "c=1"],
    ["", "http://a.test/", "http://a.test/", ""],
  ];
  for (const [setCookie, from, to, sent] of cases) {
    const jar = new CookieJar();
    jar.store(new URL(from), [setCookie]);
    assert.equal(jar.cookiesFor(new URL(to)), sent, `${setCookie} from ${from} to ${to}`);
  }
});

test("cookies: a later one of the same name replaces the first, and expiry takes it out", () => {
  const jar = new CookieJar();
  const url = new URL("http://a.test/");
  jar.store(url, ["c=1", "d=2"]);
  jar.store(url, ["c=3"]);
  assert.equal(jar.cookiesFor(url), "c=3; d=2");
  jar.store(url, ["c=; Max-Age=0"]);
  assert.equal(jar.cookiesFor(url), "d=2");
});

test("cookies: a client with a jar sends what it was given, also within a chain of redirects", async () => {
  await using hosts = await EveryHost.start(
    ({ at }) => at === "a.test/1" ? moved(302, "/2", "Set-Cookie: c=1; Path=/\r\nSet-Cookie: d=2; Path=/\r\n") : ok(""),
    { jar: true },
  );
  await hosts.client.get("http://a.test/1");
  await hosts.client.get("http://a.test/3");
  await hosts.client.get("http://b.test/4");
  assert.deepEqual(hosts.seen.map((seen) => seen.field("Cookie")), [undefined, "c=1; d=2", "c=1; d=2", undefined]);
});

test("cookies: a client without a jar keeps none", async () => {
  await using hosts = await EveryHost.start(() => ok("", "Set-Cookie: c=1\r\n"));
  await hosts.client.get("http://a.test/1");
  await hosts.client.get("http://a.test/2");
  assert.deepEqual(hosts.seen.map((seen) => seen.field("Cookie")), [undefined, undefined]);
});

test("cookies: two clients may share a jar", async () => {
  const jar = new CookieJar();
  await using first = await EveryHost.start(() => ok("", "Set-Cookie: c=1\r\n"), { jar });
  await using second = await EveryHost.start(() => ok(""), { jar });
  await first.client.get("http://a.test/");
  await second.client.get("http://a.test/");
  assert.equal(second.seen[0]!.field("Cookie"), "c=1");
});

test("cookies: the jar's come behind those that the caller set", async () => {
  const jar = new CookieJar();
  jar.store(new URL("http://a.test/"), ["j=1"]);
  await using hosts = await EveryHost.start(() => ok(""), { jar });
  await hosts.client.do({ url: "http://a.test/", headers: { cookie: "own=2" } });
  assert.equal(hosts.seen[0]!.field("Cookie"), "own=2; j=1");
});

test("cookies: kept under the Host that the caller gave", async () => {
  await using hosts = await EveryHost.start(() => ok("", "Set-Cookie: c=1\r\n"), { jar: true });
  await hosts.client.do({ url: "http://a.test/", headers: { Host: "virtual.test" } });
  await hosts.client.get("http://a.test/");
  await hosts.client.get("http://virtual.test/");
  assert.deepEqual(hosts.seen.map((seen) => seen.field("Cookie")), [undefined, undefined, "c=1"]);
});

test("cookies: one that a hop sets takes the place of the caller's of that name; the others go on", async () => {
  await using hosts = await EveryHost.start(({ at }) => {
    if (at === "a.test/1") return moved(302, "/2", "Set-Cookie: c=new; Path=/\r\n");
    if (at === "a.test/2") return moved(302, "/3", "Set-Cookie: e=; Max-Age=0\r\n");
    return ok("");
  }, { jar: true });
  await hosts.client.do({ url: "http://a.test/1", headers: { Cookie: "c=1; e=2; f=3" } });
  assert.deepEqual(hosts.seen.map((seen) => seen.field("Cookie")), ["c=1; e=2; f=3", "e=2; f=3; c=new", "f=3; c=new"]);
});

test("cookies: without a jar the caller's own stay as they are", async () => {
  await using hosts = await EveryHost.start(({ at }) =>
    at === "a.test/1" ? moved(302, "/2", "Set-Cookie: c=new; Path=/\r\n") : ok("")
  );
  await hosts.client.do({ url: "http://a.test/1", headers: { Cookie: "c=1" } });
  assert.deepEqual(hosts.seen.map((seen) => seen.field("Cookie")), ["c=1", "c=1"]);
});
