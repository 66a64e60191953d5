import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { encodeLatin1 } from "../../lib/core/bytes.ts";
import { ClientError } from "../../lib/client/client_error.ts";
import { TransportError } from "../../lib/transport/transport_error.ts";
import { ok } from "../support/scripted_server.ts";
import { EveryHost, moved, type Seen } from "./every_host.ts";

const CREDENTIALS = {
  Authorization: "secret",
  Cookie: "c=1",
  Cookie2: "c=2",
  "Proxy-Authorization": "secret",
  "Proxy-Authenticate": "secret",
  "WWW-Authenticate": "secret",
};

/** Answers by host and path, "a.test/1", or by path alone; 200 where the script says nothing. */
function script(answers: Record<string, string>): (seen: Seen) => string {
  return ({ at }) => answers[at] ?? answers[at.slice(at.indexOf("/"))] ?? ok("the end");
}

function credentialsOf(seen: Seen): string[] {
  return Object.keys(CREDENTIALS).filter((name) => seen.field(name) !== undefined);
}

test("redirect: 301, 302 and 303 become a GET without body and Content-*; a HEAD stays; 307 and 308 repeat all", async () => {
  for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]) {
    for (const status of [301, 302, 303, 307, 308]) {
      await using hosts = await EveryHost.start(({ at, method }) =>
        at === "a.test/1" ? moved(status, "/2") : ok(method === "HEAD" ? "" : "the end")
      );
      const body = method === "POST" || method === "PUT" || method === "PATCH" ? "data" : undefined;
      const headers = { "Content-Type": "text/plain", "Content-Language": "en", "X-Own": "1" };
      const response = await hosts.client.do({ method, url: "http://a.test/1", headers, body });
      await response.body.text();
      const repeats = status === 307 || status === 308;
      const second = hosts.seen[1]!;
      assert.deepEqual(
        [second.method, second.at, second.body, second.field("Content-Type"), second.field("Content-Language")],
        repeats
          ? [method, "a.test/2", body ?? "", "text/plain", "en"]
          : [method === "HEAD" ? "HEAD" : "GET", "a.test/2", "", undefined, undefined],
        `${method} ${status}`,
      );
      assert.equal(second.field("X-Own"), "1");
      assert.equal(response.url, "http://a.test/2");
    }
  }
});

test("redirect: a body that a hop dropped never comes back, nor do the fields about it", async () => {
  await using hosts = await EveryHost.start(
    script({ "/1": moved(307, "/2"), "/2": moved(302, "/3"), "/3": moved(307, "/4") }),
  );
  const headers = { "content-type": "text/plain" };
  await hosts.client.do({ method: "PUT", url: "http://a.test/1", headers, body: "data" });
  assert.deepEqual(hosts.lines, ["PUT a.test/1", "PUT a.test/2", "GET a.test/3", "GET a.test/4"]);
  assert.deepEqual(hosts.seen.map((seen) => seen.body), ["data", "data", "", ""]);
  assert.deepEqual(hosts.seen.map((seen) => seen.field("content-type")), [
    "text/plain",
    "text/plain",
    undefined,
    undefined,
  ]);
});

test("redirect: a fresh body is asked for where getBody gives one", async () => {
  await using hosts = await EveryHost.start(script({ "/1": moved(308, "/2") }));
  let asked = 0;
  const getBody = () => `fresh ${++asked}`;
  await hosts.client.do({ method: "POST", url: "http://a.test/1", body: "first", getBody });
  assert.deepEqual(hosts.seen.map((seen) => seen.body), ["first", "fresh 1"]);
});

test("redirect: what getBody throws is what the call rejects with, and no connection is held", async () => {
  await using hosts = await EveryHost.start(script({ "/1": moved(308, "/2") }));
  const failure = new Error("no second copy");
  const getBody = () => Promise.reject(failure);
  await assert.rejects(hosts.client.do({ method: "POST", url: "http://a.test/1", body: "x", getBody }), failure);
  assert.equal(hosts.client.transport.census().inUse, 0);
});

test("redirect: the error of one that is not followed shows no password", async () => {
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "/1") }));
  await assert.rejects(hosts.client.get("http://user:secret@a.test/1"), (error) => {
    assert.doesNotMatch(inspect(error, { depth: 9 }), /secret/);
    return error instanceof ClientError && error.location === "http://a.test/1";
  });
});

test("redirect: the request after the tenth is not made", async () => {
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "/1") }));
  await assert.rejects(hosts.client.get("http://a.test/1"), (error) => {
    assert.ok(error instanceof ClientError);
    assert.equal(error.message, "stopped after 10 redirects");
    assert.equal(error.code, "tooManyRedirects");
    assert.equal(error.location, "http://a.test/1");
    assert.equal(error.response.status, 302);
    return true;
  });
  assert.equal(hosts.seen.length, 10);
  assert.equal(hosts.dials, 1);
  assert.deepEqual(hosts.client.transport.census().inUse, 0);
});

test("redirect: maxRedirects sets another limit", async () => {
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "/1") }), { maxRedirects: 3 });
  await assert.rejects(hosts.client.get("http://a.test/1"), { message: "stopped after 3 redirects" });
  assert.equal(hosts.seen.length, 3);
});

test("redirect: without a Location, or with a status that is none, the response is the answer", async () => {
  const answers = ["302 Found\r\n", "304 Not Modified\r\nLocation: /2\r\n", "300 Choices\r\nLocation: /2\r\n"];
  for (const head of answers) {
    await using hosts = await EveryHost.start(() => `HTTP/1.1 ${head}Content-Length: 0\r\n\r\n`);
    const response = await hosts.client.get("http://a.test/1");
    assert.equal(response.status, Number(head.slice(0, 3)));
    assert.equal(hosts.seen.length, 1);
  }
});

test("redirect: a Location that is no URL is an error, and the connection is free", async () => {
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "http://[::1") }));
  await assert.rejects(hosts.client.get("http://a.test/1"), { name: "ClientError", code: "badLocation" });
  assert.equal(hosts.client.transport.census().inUse, 0);
});

test("redirect: to a scheme that nobody speaks is the transport's error", async () => {
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "ftp://a.test/") }));
  await assert.rejects(hosts.client.get("http://a.test/1"), { name: "TransportError", code: "unsupportedScheme" });
});

test("redirect: a URL that is none is the transport's error, too", async () => {
  await using hosts = await EveryHost.start(() => ok(""));
  await assert.rejects(hosts.client.get("no url"), { name: "TransportError", code: "invalidUrl" });
});

test("redirect: credentials that another host may not see stay away, also on the way back", async () => {
  await using hosts = await EveryHost.start(script({
    "/1": moved(302, "http://b.test/2"),
    "/2": moved(302, "http://b.test/3"),
    "/3": moved(302, "http://a.test/4"),
  }));
  await hosts.client.do({ url: "http://a.test/1", headers: { ...CREDENTIALS, "X-Own": "1" } });
  assert.deepEqual(hosts.lines, ["GET a.test/1", "GET b.test/2", "GET b.test/3", "GET a.test/4"]);
  assert.deepEqual(hosts.seen.map((seen) => credentialsOf(seen).length), [6, 0, 0, 0]);
  assert.deepEqual(hosts.seen.map((seen) => seen.field("X-Own")), ["1", "1", "1", "1"]);
});

test("redirect: credentials go on to the same host, another port of it and a subdomain, not to the parent", async () => {
  const cases: [string, string, boolean][] = [
    ["http://a.test/1", "http://a.test/2", true],
    ["http://a.test/1", "http://a.test:81/2", true],
    ["http://a.test/1", "http://x.a.test/2", true],
    ["http://x.a.test/1", "http://a.test/2", false],
    ["http://a.test/1", "http://xa.test/2", false],
    ["http://a.test/1", "http://a.test.b.test/2", false],
  ];
  for (const [from, to, kept] of cases) {
    await using hosts = await EveryHost.start(script({ "/1": moved(302, to) }));
    await hosts.client.do({ url: from, headers: CREDENTIALS });
    assert.equal(credentialsOf(hosts.seen[1]!).length, kept ? 6 : 0, `${from} → ${to}`);
  }
});

test("redirect: the Referer is the URL left behind without userinfo and fragment, unless the caller gave one", async () => {
  const hops = { "/1?q": moved(302, "/2"), "/2": moved(302, "/3") };
  await using hosts = await EveryHost.start(script(hops));
  await hosts.client.get("http://u:p@a.test/1?q#here");
  assert.deepEqual(hosts.seen.map((seen) => seen.field("Referer")), [
    undefined,
    "http://a.test/1?q",
    "http://a.test/2",
  ]);
  hosts.seen.length = 0;
  await hosts.client.do({ url: "http://a.test/1?q", headers: { referer: "http://mine/" } });
  assert.deepEqual(hosts.seen.map((seen) => seen.field("Referer")), ["http://mine/", "http://mine/", "http://mine/"]);
});

test("redirect: a caller's Host lasts through relative Locations, up to the first absolute one", async () => {
  await using hosts = await EveryHost.start(script({
    "/1": moved(302, "/2"),
    "/2": moved(302, "3"),
    "/3": moved(302, "http://a.test/4"),
    "/4": moved(302, "/5"),
  }));
  await hosts.client.do({ url: "http://a.test/1", headers: { Host: "virtual.test" } });
  assert.deepEqual(hosts.seen.map((seen) => seen.at), [
    "virtual.test/1",
    "virtual.test/2",
    "virtual.test/3",
    "a.test/4",
    "a.test/5",
  ]);
});

test("redirect: userinfo in a URL becomes Basic authorization unless there is one", async () => {
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "/2") }));
  await hosts.client.get("http://user:p%40ss%C3%A9@a.test/1");
  const basic = `Basic ${Buffer.from("user:p@ssé").toString("base64")}`;
  assert.deepEqual(hosts.seen.map((seen) => seen.field("Authorization")), [basic, basic]);
  hosts.seen.length = 0;
  await hosts.client.do({ url: "http://u:p@a.test/3", headers: { authorization: "own" } });
  assert.deepEqual(hosts.seen.map((seen) => seen.field("Authorization")), ["own"]);
});

test("redirect: a fragment is inherited, and never sent", async () => {
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "/2"), "/3": moved(302, "/4#there") }));
  assert.equal((await hosts.client.get("http://a.test/1#here")).url, "http://a.test/2#here");
  assert.equal((await hosts.client.get("http://a.test/3#here")).url, "http://a.test/4#there");
  assert.deepEqual(hosts.lines, ["GET a.test/1", "GET a.test/2", "GET a.test/3", "GET a.test/4"]);
});

test("redirect: a Location beyond ASCII is read as UTF-8", async () => {
  await using hosts = await EveryHost.start(({ at, raw }) => {
    if (at !== "a.test/1") return ok("");
    raw.socket.write(moved(302, "/é"), "utf8");
    return undefined;
  });
  await hosts.client.get("http://a.test/1");
  assert.equal(hosts.seen[1]!.at, "a.test/%C3%A9");
});

test("redirect: a short body is read, so that the connection serves the next hop", async () => {
  const body = "x".repeat(2048);
  await using hosts = await EveryHost.start(({ at }) =>
    at === "a.test/1" ? `HTTP/1.1 302 Found\r\nLocation: /2\r\nContent-Length: 2048\r\n\r\n${body}` : ok("")
  );
  await hosts.client.get("http://a.test/1");
  assert.equal(hosts.dials, 1);
});

test("redirect: of a long body no more than its beginning is waited for", async () => {
  const answers = [
    "Content-Length: 1000000\r\n\r\n", // nothing of it: it would not be read to its end
    `Transfer-Encoding: chunked\r\n\r\n800\r\n${"x".repeat(2048)}`,
  ];
  for (const answer of answers) {
    await using hosts = await EveryHost.start(
      ({ at }) => at === "a.test/1" ? `HTTP/1.1 302 Found\r\nLocation: /2\r\n${answer}` : ok("there"),
      { timeoutMs: 5_000 },
    );
    const response = await hosts.client.get("http://a.test/1");
    assert.equal(await response.body.text(), "there");
    assert.equal(hosts.dials, 2);
  }
});

const ENDLESS: readonly (readonly [what: string, answer: string])[] = [
  ["a chunked body that never begins", "Transfer-Encoding: chunked\r\n\r\n"],
  ["a chunked body that stops", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"],
  ["a body without length on an open connection", "\r\nabc"],
  ["a body shorter than it says", "Content-Length: 10\r\n\r\nabc"],
];

for (const [what, answer] of ENDLESS) {
  test(`redirect: ${what} is not waited for`, async () => {
    await using hosts = await EveryHost.start(
      ({ at }) => at === "a.test/1" ? `HTTP/1.1 302 Found\r\nLocation: /2\r\n${answer}` : ok("there"),
      { timeoutMs: 10_000 },
    );
    const response = await hosts.client.get("http://a.test/1");
    assert.equal(await response.body.text(), "there");
    assert.equal(hosts.dials, 2);
  });
}

test("redirect: one too many is told of although its body never ends", async () => {
  await using hosts = await EveryHost.start(() => "HTTP/1.1 302 Found\r\nLocation: /2\r\n\r\nabc", {
    maxRedirects: 2,
    timeoutMs: 10_000,
  });
  await assert.rejects(hosts.client.get("http://a.test/1"), { code: "tooManyRedirects" });
});

test("redirect: of several Locations the first counts", async () => {
  for (const [locations, at] of [["/2\r\nLocation: /2", "/2"], ["/2\r\nlocation: /3", "/2"]] as const) {
    await using hosts = await EveryHost.start(script({ "/1": moved(302, locations) }));
    await hosts.client.get("http://a.test/1");
    assert.deepEqual(hosts.lines, ["GET a.test/1", `GET a.test${at}`]);
  }
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "\r\nLocation: /2") }));
  assert.equal((await hosts.client.get("http://a.test/1")).status, 302, "and an empty one is none");
});

test("redirect: a Location's bytes go on as they are, whatever encoding they are in", async () => {
  const cases = [
    ["/caf\xe9", "/caf%E9"], // Latin-1
    ["/caf\xc3\xa9", "/caf%C3%A9"], // UTF-8
    ["\xe9t\xe9", "/%E9t%E9"],
    ["?q=\xcf\xf0\xe8", "/1?q=%CF%F0%E8"], // windows-1251
    ["/\x93\xfa\x96{?\xff\xfe#\xe9", "/%93%FA%96%7B?%FF%FE"], // Shift JIS, and what is none
    ["http://b\xc3\xbccher.test/", "xn--bcher-kva.test/"],
  ] as const;
  for (const [location, expected] of cases) {
    await using hosts = await EveryHost.start(({ at, raw }) => {
      if (at !== "a.test/1") return ok("there");
      raw.socket.write(encodeLatin1(moved(302, location)));
      return undefined;
    });
    const response = await hosts.client.get("http://a.test/1");
    const at = expected.startsWith("/") ? `a.test${expected}` : expected;
    assert.equal(hosts.seen[1]!.at, at);
    assert.equal(response.url.split("#", 1)[0], `http://${at}`);
  }
});

test("redirect: close is the first request's alone", async () => {
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "/2") }));
  await hosts.client.do({ url: "http://a.test/1", close: true });
  assert.deepEqual(hosts.seen.map((seen) => seen.field("Connection")), ["close", undefined]);
});

test("redirect: checkRedirect sees the request to come and those made, and may change it", async () => {
  const asked: string[] = [];
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "/2"), "/2": moved(302, "/3") }), {
    checkRedirect(request, via) {
      asked.push(`${via.map((hop) => hop.url.pathname)} → ${request.url.pathname} by ${request.response?.status}`);
      request.headers.set("X-Hop", String(via.length));
      request.headers.delete("Referer");
    },
  });
  await hosts.client.get("http://a.test/1");
  assert.deepEqual(asked, ["/1 → /2 by 302", "/1,/2 → /3 by 302"]);
  assert.deepEqual(hosts.seen.map((seen) => seen.field("X-Hop")), [undefined, "1", "2"]);
  assert.deepEqual(hosts.seen.map((seen) => seen.field("Referer")), [undefined, undefined, undefined]);
});

test("redirect: checkRedirect takes the place of the limit", async () => {
  await using hosts = await EveryHost.start(({ at }) => {
    const hop = Number(at.slice("a.test/".length));
    return hop < 15 ? moved(302, `/${hop + 1}`) : ok("far");
  }, { checkRedirect: () => {} });
  assert.equal(await (await hosts.client.get("http://a.test/1")).body.text(), "far");
});

test("redirect: checkRedirect can take the redirect as the answer, its body unread", async () => {
  const answer = "HTTP/1.1 302 Found\r\nLocation: /2\r\nContent-Length: 4\r\n\r\nhere";
  await using hosts = await EveryHost.start(() => answer, {
    checkRedirect: () => Promise.resolve("useLastResponse" as const),
  });
  const response = await hosts.client.get("http://a.test/1");
  assert.equal(response.status, 302);
  assert.equal(await response.body.text(), "here");
  assert.equal(hosts.seen.length, 1);
});

test("redirect: what checkRedirect throws is the cause of the error, and the connection is free", async () => {
  const refusal = new Error("not there");
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "/2") }), {
    checkRedirect() {
      throw refusal;
    },
  });
  await assert.rejects(hosts.client.get("http://a.test/1"), (error) => {
    assert.ok(error instanceof ClientError && !(error instanceof TransportError));
    assert.equal(error.code, "redirectRefused");
    assert.equal(error.cause, refusal);
    return true;
  });
  assert.equal(hosts.client.transport.census().idle, 1);
});

test("redirect: header fields keep their order, case and number on every hop", async () => {
  await using hosts = await EveryHost.start(script({ "/1": moved(302, "/2") }));
  await hosts.client.do({ url: "http://a.test/1", headers: [["X-B", "1"], ["x-a", "2"], ["X-B", "3"]] });
  for (const { raw } of hosts.seen) assert.match(raw.head, /X-B: 1\r\nx-a: 2\r\nX-B: 3\r\n/);
});
