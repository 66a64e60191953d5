import assert from "node:assert/strict";
import test from "node:test";
import { peerPorts } from "../../../lib/load/client/peer_ports.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";

test("peer ports: those of each server and of the proxy", () => {
  const plan = resolve({
    baseUrl: "http://127.0.0.1:8080/",
    requests: [{ url: "/a" }, { url: "https://h/" }, { url: "http://{{host}}:99/" }, { url: "http://h" }],
    variables: { host: "h" },
    transport: { proxy: "none" },
  }, "t");
  assert.deepEqual([...peerPorts(plan, {})!], [8080, 443, 99, 80]);
  const proxied = resolve({ request: { url: "http://h/" }, transport: { proxy: "socks5://p" } }, "t");
  assert.deepEqual([...peerPorts(proxied, {})!], [80, 1080]);
});

test("peer ports: a unix socket has none", () => {
  const plan = resolve({ request: { url: "http://h/" }, transport: { unixSocket: "/s" } }, "t");
  assert.equal(peerPorts(plan, {}), undefined);
});
