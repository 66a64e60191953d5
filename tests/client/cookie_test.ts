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
    ["c=1; Secure", "http://a.test/", "https://a.test/", "c=1"],
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

test("cookies: a Secure one goes to loopback over plain http, too, as Go's jar sends it", () => {
  const hosts = ["127.0.0.1", "127.8.9.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "x.localhost", "localhost."];
  const others = ["10.0.0.1", "[::2]", "a.test", "notlocalhost", "localhost.test"];
  for (const host of [...hosts, ...others]) {
    for (const from of ["http", "https"]) {
      const jar = new CookieJar();
      jar.store(new URL(`${from}://${host}/`), ["c=1; Secure"]);
      const sent = hosts.includes(host) ? "c=1" : "";
      assert.equal(jar.cookiesFor(new URL(`http://${host}:8080/`)), sent, `${from}, ${host}`);
      assert.equal(jar.cookiesFor(new URL(`https://${host}/`)), "c=1", host);
    }
  }
});

test("cookies: what Set-Cookie fields make of them is what Go's jar makes", () => {
  // each with the Cookie field that Go 1.26 then sends to the same URL
  const cases: [setCookie: string, sent: string][] = [
    ["c=caf\xe9", ""],
    ["c=caf\xc3\xa9", ""],
    ["c=a\xa0b", ""],
    ["c=a\x7fb", ""],
    ["c=a b", 'c="a b"'],
    ["c=a,b", 'c="a,b"'],
    ["c= a ", 'c=" a"'],
    ["c = 1", 'c=" 1"'],
    ["c=1, d=2", 'c="1, d=2"'],
    ['c="a"', 'c="a"'],
    ['c="a b"', 'c="a b"'],
    ['c=""', 'c=""'],
    ["c=", "c="],
    ['c="a', ""],
    ['c=a"b', ""],
    ['c={"a":1}', ""],
    ["c=a\\b", ""],
    ["c=a=b", "c=a=b"],
    ["c=a\tb", ""],
    ["c=%20<>[]|", "c=%20<>[]|"],
    ["c d=1", ""],
    ["c,d=1", ""],
    ["\xe9=1", ""],
    ["[c]=1", ""],
    ["c/d=1", ""],
    ["=1", ""],
    ["c", ""],
    ["; c=1", ""],
    ["\tc=1", "c=1"],
    ["c!#$%&'*+-.^_`|~=1", "c!#$%&'*+-.^_`|~=1"],
    ["__Host-c=1", "__Host-c=1"],
    ["__Secure-c=1", "__Secure-c=1"],
    ["c=1; Path=/\xe9", "c=1"],
    ['c=1; Path="/out"', "c=1"],
    ["c=1; Path = /out", "c=1"],
    ["c=1; Path=/; Path=/out", ""],
    ["c=1; Path=in", "c=1"],
    ["c=1; Secure=\xe9", "c=1"],
    ["c=1; Max-Age=010", "c=1"],
    ["c=1; Max-Age=00", ""],
    ["c=1; Max-Age=-1", ""],
    ["c=1; Max-Age=+5", "c=1"],
    ["c=1; Max-Age= 0", "c=1"],
    ["c=1; Max-Age=99999999999999999999", "c=1"],
    ["c=1; Max-Age=0; Expires=Fri, 31 Dec 2099 23:59:59 GMT", ""],
    ["c=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=100", "c=1"],
    ["c=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT", ""],
    ["c=1; Expires=Thu, 01 Jan 1970 00:00:00 +0000", ""],
    ["c=1; Expires=Thursday, 01-Jan-70 00:00:00 GMT", "c=1"],
    ["c=1; Expires=Thu Jan  1 00:00:00 1970", "c=1"],
    ["c=1; Expires=Thu, 1 Jan 1970 00:00:00 GMT", "c=1"],
    ["c=1; Expires=Thu, 32 Jan 1970 00:00:00 GMT", "c=1"],
    ["c=1; Expires=Tue, 01 Jan 1500 00:00:00 GMT", ""],
    ["c=1; Domain=.a.test", "c=1"],
    ["c=1; Domain=..a.test", ""],
    ["c=1; Domain=.", ""],
    ["c=1; Domain=a.test.", ""],
    ["c=1; Domain=", "c=1"],
    ['c=1; Domain="a.test"', "c=1"],
    ["c=1; Domain=b.a.test", ""],
  ];
  const url = new URL("http://a.test/in/x");
  for (const [setCookie, sent] of cases) {
    const jar = new CookieJar();
    jar.store(url, [setCookie]);
    assert.equal(jar.cookiesFor(url), sent, setCookie);
  }
});

test("cookies: a path is compared without its escapes", () => {
  const cases: [path: string, to: string, sent: string][] = [
    ["/a b", "/a%20b", "c=1"],
    ["/a%20b", "/a%20b", ""],
    ["/ab", "/a%62/x", "c=1"],
    ["/in/", "/in", ""],
    ["/in", "/in/", "c=1"],
  ];
  for (const [path, to, sent] of cases) {
    const jar = new CookieJar();
    jar.store(new URL("http://a.test/"), [`c=1; Path=${path}`]);
    assert.equal(jar.cookiesFor(new URL(`http://a.test${to}`)), sent, `${path} to ${to}`);
  }
});

test("cookies: those of longer paths come first, then those set first", () => {
  const jar = new CookieJar();
  const url = new URL("http://a.test/in/x");
  jar.store(url, ["a=1; Path=/", "b=2; Path=/in/x", "c=3; Path=/", "d=4"]);
  jar.store(url, ["a=5; Path=/"]);
  assert.equal(jar.cookiesFor(url), "b=2; d=4; a=5; c=3");
});

test("cookies: an address or a name of one part sets them for itself alone", () => {
  const cases: [host: string, domain: string, sent: string][] = [
    ["127.0.0.1", "127.0.0.1", "c=1"],
    ["127.0.0.1", ".127.0.0.1", ""],
    ["127.0.0.1", "0.0.1", ""],
    ["[::1]", "::1", "c=1"],
    ["localhost", "localhost", "c=1"],
    ["com", "com", "c=1"],
    ["xn--bcher-kva.test", "b\xfccher.test", "c=1"],
  ];
  for (const [host, domain, sent] of cases) {
    const jar = new CookieJar();
    jar.store(new URL(`http://${host}/`), [`c=1; Domain=${domain}`]);
    assert.equal(jar.cookiesFor(new URL(`http://${host}/`)), sent, `${domain} of ${host}`);
    assert.equal(jar.cookiesFor(new URL("http://x.com/")), "");
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
