import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import type { Plan } from "../../lib/scenario/plan.ts";
import { authority } from "../support/certificates.ts";
import { inFolder, loadgen } from "../support/cli.ts";
import { HttpsServer } from "./https_server.ts";
import { ScriptedProxy } from "./scripted_proxy.ts";

/** Nothing of the environment that runs the tests. */
const VARIABLES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "REQUEST_METHOD"];
const NO_PROXIES: Readonly<Record<string, string>> = Object.fromEntries(VARIABLES.map((name) => [name, ""]));

function proxyOf({ plan }: Result): string | undefined {
  return (plan as unknown as Plan).transport.proxy;
}

async function resultOf(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Result> {
  const { code, stdout, stderr } = await loadgen([...args, "--json"], { env: { ...NO_PROXIES, ...env } });
  const result = parseResult(stdout, "stdout");
  assert.equal(code, result.requests.completed === 0 ? 4 : 0, stderr);
  return result;
}

test("proxy: plain http is asked of the proxy, with the whole URL", async () => {
  await using proxy = await ScriptedProxy.start();
  const { requests, connections } = await resultOf(["http://no.example/a", "-x", proxy.address, "-c1", "-n3"]);
  assert.deepEqual(requests.byStatus, { "200": 3 });
  assert.equal(connections.dialed, 1);
  assert.equal(proxy.heads.length, 3);
  assert.match(proxy.heads[0]!, /^GET http:\/\/no\.example\/a HTTP\/1\.1\r\nHost: no\.example\r\n/);
});

test("proxy: https goes through a tunnel, and is verified against the target", async () => {
  await using proxy = await ScriptedProxy.start();
  await using server = await HttpsServer.start(await (await authority()).server("127.0.0.1"));
  const through = [server.url, "-x", `http://${proxy.address}`, "-c1", "-n3"];
  const refused = await resultOf(through);
  assert.deepEqual(refused.requests.byError, { "tls/UNABLE_TO_VERIFY_LEAF_SIGNATURE": 3 });
  proxy.heads.length = 0;
  const { requests } = await resultOf([...through, "-k"]);
  assert.deepEqual(requests.byStatus, { "200": 3 });
  assert.equal(server.requests, 3);
  assert.equal(proxy.heads.length, 1);
  assert.match(proxy.heads[0]!, new RegExp(`^CONNECT 127\\.0\\.0\\.1:${server.port} HTTP/1\\.1\r\n`));
});

test("proxy: one that refuses is an error of its own, with a hint", async () => {
  await using proxy = await ScriptedProxy.start("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  const args = ["https://no.example/", "-x", `http://${proxy.address}`, "-c1", "-n3"];
  assert.deepEqual((await resultOf(args)).requests.byError, { "proxy/proxyRefused": 3 });
  assert.match((await loadgen(args)).stdout, /The proxy let nothing through: --proxy URL names another one/);
});

test("proxy: its password goes to the proxy and to no output", () =>
  inFolder(async (folder) => {
    await using proxy = await ScriptedProxy.start();
    const out = join(folder, "out.json");
    const args = ["http://no.example/", "-x", `http://me:hunter2@${proxy.address}`, "-c1", "-n3", "-o", out];
    const shown = await loadgen(args);
    assert.match(
      shown.stdout,
      new RegExp(`^to http://no.example/ through the proxy http://\\*\\*\\*@${proxy.address}$`, "m"),
    );
    const stored = readFileSync(out, "utf8");
    const printed = await loadgen([...args, "--json"]);
    assert.equal(proxyOf(parseResult(stored, out)), `http://***@${proxy.address}`);
    for (const { stdout, stderr } of [shown, printed]) assert.ok(!`${stdout}${stderr}${stored}`.includes("hunter2"));
    assert.equal(proxy.heads.length, 6);
    for (const head of proxy.heads) assert.ok(head.includes(`Proxy-Authorization: Basic ${btoa("me:hunter2")}`), head);
    const runtimes = await loadgen(["compare", "--runtimes", "bun", ...args.slice(0, -2)]);
    assert.equal(runtimes.code, 0, runtimes.stderr);
    assert.ok(!`${runtimes.stdout}${runtimes.stderr}`.includes("hunter2"));
  }));

test("proxy: the environment's is used, but not for loopback, and --proxy none or nothing goes without", async () => {
  await using proxy = await ScriptedProxy.start();
  const env = { HTTP_PROXY: `http://me:hunter2@${proxy.address}` };
  // It leads to this machine, and Go does not count it among the loopback addresses.
  const url = `http://0.0.0.0:${proxy.address.split(":")[1]}/`;
  const asked = async (args: readonly string[]): Promise<[line: string, proxy: string | undefined]> => {
    proxy.heads.length = 0;
    const result = await resultOf([...args, "-c1", "-n1"], env);
    assert.deepEqual(result.requests.byStatus, { "200": 1 });
    return [proxy.heads[0]!.split("\r\n")[0]!, proxyOf(result)];
  };
  assert.deepEqual(await asked([url]), [`GET ${url} HTTP/1.1`, `http://***@${proxy.address}`]);
  assert.deepEqual(await asked([`http://${proxy.address}/`]), ["GET / HTTP/1.1", undefined]);
  assert.deepEqual(await asked([url, "--proxy", "none"]), ["GET / HTTP/1.1", undefined]);
  assert.deepEqual(await asked([url, "--proxy", ""]), ["GET / HTTP/1.1", undefined]);
});

test("proxy: an address in the environment that is none is refused in one line, without its password", async () => {
  const env = { ...NO_PROXIES, HTTP_PROXY: "ftp://me:hunter2@proxy" };
  const { code, stdout, stderr } = await loadgen(["http://no.example/"], { env });
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^loadgen: invalid proxy address in HTTP_PROXY: its scheme is "ftp", expected [^\n]*\n$/);
});
