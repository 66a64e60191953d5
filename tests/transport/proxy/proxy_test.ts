import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { type Proxy, proxyFromEnvironment, proxyFunction } from "../../../lib/transport/proxy/proxy.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the environment sends a request: the proxy's `key`, or "direct". */
function route(env: Environment, url: string): string {
  return proxyFromEnvironment(env)(new URL(url))?.key ?? "direct";
}

function fixed(address: string | URL): Proxy {
  return proxyFunction(address, {})!(new URL("http://example.com/"))!;
}

test("proxy: an address is a URL, or host and port for an http proxy", () => {
  const cases: readonly [string, string, string, number][] = [
    ["proxy.example", "http", "proxy.example", 80],
    ["proxy.example:3128", "http", "proxy.example", 3128],
    ["127.0.0.1:8888", "http", "127.0.0.1", 8888],
    ["[::1]:8888", "http", "::1", 8888],
    ["http://proxy.example", "http", "proxy.example", 80],
    ["HTTP://Proxy.Example/ignored?too#yes", "http", "proxy.example", 80],
    ["https://proxy.example", "https", "proxy.example", 443],
    ["https://proxy.example:80", "https", "proxy.example", 80],
    ["socks5://proxy.example", "socks5", "proxy.example", 1080],
    ["socks5h://Proxy.Example", "socks5h", "proxy.example", 1080],
    ["socks5://[2001:db8::1]", "socks5", "2001:db8::1", 1080],
    ["socks5://proxy.example:80", "socks5", "proxy.example", 80],
    ["socks5://proxy.example:443", "socks5", "proxy.example", 443],
    ["http://bücher.example", "http", "xn--bcher-kva.example", 80],
    ["socks5://bücher.example", "socks5", "xn--bcher-kva.example", 1080],
    ["  http://proxy.example\n", "http", "proxy.example", 80],
  ];
  for (const [address, scheme, host, port] of cases) {
    const proxy = fixed(address);
    assert.deepEqual([proxy.scheme, proxy.host, proxy.port], [scheme, host, port], address);
  }
});

test("proxy: user and password are decoded for use, kept in the key, and hidden in messages", () => {
  const cases: readonly [string, string, string, string, string][] = [
    ["http://proxy", "", "", "http://proxy:80", "http://proxy:80"],
    ["http://user:secret@proxy", "user", "secret", "http://user:secret@proxy:80", "http://user:***@proxy:80"],
    ["user:secret@proxy:1", "user", "secret", "http://user:secret@proxy:1", "http://user:***@proxy:1"],
    ["http://user@proxy", "user", "", "http://user:@proxy:80", "http://user@proxy:80"],
    ["http://:secret@proxy", "", "secret", "http://:secret@proxy:80", "http://:***@proxy:80"],
    ["socks5://a%40b:c%3Ad@[::1]:9", "a@b", "c:d", "socks5://a%40b:c%3Ad@[::1]:9", "socks5://a%40b:***@[::1]:9"],
    ["http://us%C3%A9r:p%20w@proxy", "usér", "p w", "http://us%C3%A9r:p%20w@proxy:80", "http://us%C3%A9r:***@proxy:80"],
  ];
  for (const [address, username, password, key, redacted] of cases) {
    const proxy = fixed(address);
    assert.deepEqual([proxy.username, proxy.password], [username, password], address);
    assert.deepEqual([proxy.key, proxy.redacted], [key, redacted], address);
  }
});

test("proxy: an invalid address is refused, and nothing of the error shows the password", () => {
  const cases = [
    "",
    "http://",
    "http://user:secret@",
    "socks5://user:secret@",
    "socks5://user:secret@a b",
    "http://user:secret@proxy:port",
    "http://user:secret@proxy:99999",
    "http://user:secret#1@proxy",
    "user:secret/1@proxy",
    "http://user:secret%zz@proxy",
    "http://user:secret%ff@proxy",
    "ftp://user:secret@proxy",
    "socks4://user:secret@proxy",
    "http://user:secret@[::1",
    "socks5://user:secret@1.2.3.4.5",
  ];
  for (const address of cases) {
    assert.throws(() => fixed(address), (error: Error & { code?: string; phase?: string; side?: string }) => {
      assert.deepEqual(
        [error.name, error.code, error.phase, error.side],
        ["TransportError", "badProxy", "proxy", "local"],
        address,
      );
      assert.match(error.message, /^invalid proxy address in the proxy option: /);
      assert.doesNotMatch(inspect(error, { showHidden: true, depth: 9 }), /secret/, address);
      return true;
    });
  }
  assert.throws(() => fixed("ftp://proxy"), /its scheme is "ftp", expected http, https, socks5 or socks5h$/);
});

test("proxy: the environment's variables, by scheme and by case", () => {
  const cases: readonly [string, Environment, string, string][] = [
    ["nothing set", {}, "http://example.com/", "direct"],
    ["empty", { HTTP_PROXY: "" }, "http://example.com/", "direct"],
    ["upper case", { HTTP_PROXY: "a:1" }, "http://example.com/", "http://a:1"],
    ["lower case", { http_proxy: "a:1" }, "http://example.com/", "http://a:1"],
    ["upper case first", { HTTP_PROXY: "a:1", http_proxy: "b:1" }, "http://example.com/", "http://a:1"],
    ["an empty one is not set", { HTTP_PROXY: "", http_proxy: "b:1" }, "http://example.com/", "http://b:1"],
    ["https has its own", { HTTP_PROXY: "a:1" }, "https://example.com/", "direct"],
    ["https, upper case", { HTTPS_PROXY: "a:1" }, "https://example.com/", "http://a:1"],
    ["https, lower case", { https_proxy: "socks5://a" }, "https://example.com/", "socks5://a:1080"],
    ["http has its own", { HTTPS_PROXY: "a:1" }, "http://example.com/", "direct"],
    ["CGI", { HTTP_PROXY: "a:1", REQUEST_METHOD: "GET" }, "http://example.com/", "direct"],
    ["CGI, lower case", { http_proxy: "a:1", REQUEST_METHOD: "GET" }, "http://example.com/", "direct"],
    ["CGI and https", { HTTPS_PROXY: "a:1", REQUEST_METHOD: "GET" }, "https://example.com/", "http://a:1"],
    ["no CGI", { HTTP_PROXY: "a:1", REQUEST_METHOD: "" }, "http://example.com/", "http://a:1"],
    ["localhost", { HTTP_PROXY: "a:1" }, "http://localhost/", "direct"],
    ["localhost with a port", { HTTPS_PROXY: "a:1" }, "https://localhost:8443/", "direct"],
    ["loopback", { HTTP_PROXY: "a:1" }, "http://127.0.0.1/", "direct"],
    ["more of loopback", { HTTP_PROXY: "a:1" }, "http://127.9.9.9:8080/", "direct"],
    ["loopback of IPv6", { HTTP_PROXY: "a:1" }, "http://[::1]:8080/", "direct"],
    ["loopback, mapped", { HTTP_PROXY: "a:1" }, "http://[::ffff:127.0.0.1]/", "direct"],
    ["a host that begins like it", { HTTP_PROXY: "a:1" }, "http://localhost.example/", "http://a:1"],
    ["an unspecified address", { HTTP_PROXY: "a:1" }, "http://0.0.0.0/", "http://a:1"],
    ["no_proxy, lower case", { HTTP_PROXY: "a:1", no_proxy: "example.com" }, "http://example.com/", "direct"],
    [
      "NO_PROXY first",
      { HTTP_PROXY: "a:1", NO_PROXY: "other", no_proxy: "example.com" },
      "http://example.com/",
      "http://a:1",
    ],
  ];
  for (const [name, env, url, expected] of cases) assert.equal(route(env, url), expected, name);
});

test("proxy: what NO_PROXY matches", () => {
  const cases: readonly [list: string, direct: readonly string[], proxied: readonly string[]][] = [
    ["", [], ["example.com", "10.0.0.1"]],
    [" , ,", [], ["example.com"]],
    ["*", ["example.com", "10.0.0.1", "[2001:db8::1]:1"], []],
    ["other, * ", ["example.com"], []],
    ["*.*", [], ["example.com"]],
    ["example.com", ["example.com", "EXAMPLE.com", "a.example.com", "a.b.example.com:81"], [
      "badexample.com",
      "example.com.org",
      "com",
    ]],
    ["EXAMPLE.com", ["example.com"], ["example.org"]],
    [".example.com", ["a.example.com"], ["example.com", "aexample.com"]],
    ["*.example.com", ["a.example.com", "a.b.example.com"], ["example.com", "aexample.com"]],
    ["*example.com", [], ["example.com", "a.example.com"]],
    ["a.com, b.com ,\tc.com", ["a.com", "b.com", "c.com"], ["d.com"]],
    ["a.com b.com", [], ["a.com", "b.com"]],
    ["example.com:80", ["example.com", "a.example.com:80"], ["example.com:81", "https://example.com"]],
    ["example.com:443", ["https://example.com"], ["example.com"]],
    ["example.com:", ["example.com", "example.com:81"], []],
    [".example.com:81", ["a.example.com:81"], ["a.example.com", "example.com:81"]],
    [":80", [], ["example.com"]],
    ["bücher.example", ["bücher.example", "xn--bcher-kva.example", "a.bücher.example"], ["bucher.example"]],
    ["10.1.2.3", ["10.1.2.3", "10.1.2.3:99"], ["10.1.2.4", "110.1.2.3", "x.10.1.2.3.example"]],
    ["10.1.2.3:80", ["10.1.2.3"], ["10.1.2.3:81"]],
    [".1.2.3", [], ["10.1.2.3"]],
    ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "[::ffff:10.1.1.1]"], ["11.0.0.0", "9.255.255.255", "[a00::]"]],
    ["10.1.2.3/8", ["10.9.9.9"], ["11.0.0.0"]],
    ["192.168.4.0/22", ["192.168.4.0", "192.168.7.255"], ["192.168.3.255", "192.168.8.0"]],
    ["10.0.0.4/31", ["10.0.0.4", "10.0.0.5"], ["10.0.0.6", "10.0.0.3"]],
    ["10.0.0.4/32", ["10.0.0.4"], ["10.0.0.5"]],
    ["0.0.0.0/0", ["8.8.8.8"], ["[2001:db8::1]", "example.com"]],
    ["10.0.0.0/33", [], ["10.0.0.0"]],
    ["10.0.0.0/", [], ["10.0.0.0"]],
    ["10.0.0.0/8/8", [], ["10.0.0.0"]],
    ["10.0.0.0/-1", [], ["10.0.0.0"]],
    ["2001:db8::1", ["[2001:db8::1]", "[2001:db8:0::0:1]:99"], ["[2001:db8::2]"]],
    ["[2001:db8::1]:80", ["[2001:db8::1]"], ["[2001:db8::1]:81"]],
    ["2001:db8::/33", ["[2001:db8::1]", "[2001:db8:7fff::]"], ["[2001:db8:8000::]", "[2001:db9::]"]],
    ["::/0", ["[2001:db8::1]"], ["10.0.0.1", "example.com"]],
    ["::ffff:10.0.0.0/104", ["10.9.9.9"], ["11.0.0.0"]],
    ["::ffff:10.1.2.3", ["10.1.2.3"], ["10.1.2.4"]],
  ];
  for (const [list, direct, proxied] of cases) {
    const env = { HTTP_PROXY: "proxy:1", HTTPS_PROXY: "proxy:1", NO_PROXY: list };
    const at = (host: string) => route(env, host.startsWith("https:") ? host : `http://${host}/`);
    for (const host of direct) assert.equal(at(host), "direct", `${list} | ${host}`);
    for (const host of proxied) assert.equal(at(host), "http://proxy:1", `${list} | ${host}`);
  }
});

test("proxy: an invalid address in the environment fails the requests that need it, and no other", () => {
  const env = { HTTP_PROXY: "http://user:secret@proxy:port", HTTPS_PROXY: "b:1", NO_PROXY: "example.org" };
  const find = proxyFromEnvironment(env);
  for (let i = 0; i < 2; i++) {
    assert.throws(() => find(new URL("http://example.com/")), {
      code: "badProxy",
      message: "invalid proxy address in HTTP_PROXY: it is no URL",
    });
  }
  assert.equal(find(new URL("http://example.org/")), undefined);
  assert.equal(find(new URL("http://localhost/")), undefined);
  assert.equal(find(new URL("https://example.com/"))?.key, "http://b:1");
});

test("proxy: the option is nothing, an address, a function or the environment", () => {
  const env = { HTTP_PROXY: "a:1" };
  const url = new URL("http://example.com/");
  const local = new URL("http://localhost/");
  assert.equal(proxyFunction(undefined, env), undefined);
  assert.equal(proxyFunction("environment", env)!(url)?.key, "http://a:1");
  assert.equal(proxyFunction("environment", env)!(local), undefined);
  assert.equal(proxyFunction("b:2", env)!(local)?.key, "http://b:2");
  assert.equal(proxyFunction(new URL("socks5://b:2"), env)!(local)?.key, "socks5://b:2");
  const byHost = proxyFunction((url) => url.hostname === "localhost" ? undefined : `${url.hostname}:3`, env)!;
  assert.equal(byHost(url)?.key, "http://example.com:3");
  assert.equal(byHost(local), undefined);
  assert.equal(proxyFunction(() => new URL("https://c"), env)!(url)?.key, "https://c:443");
  assert.throws(() => proxyFunction(() => "ftp://c", env)!(url), { code: "badProxy" });
});

test("proxy: the same address is the same object, parsed once", () => {
  const url = new URL("http://example.com/");
  for (const find of [proxyFunction("b:2", {})!, proxyFromEnvironment({ HTTP_PROXY: "a:1" })]) {
    assert.equal(find(url), find(url));
  }
});
