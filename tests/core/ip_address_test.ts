import assert from "node:assert/strict";
import test from "node:test";
import { isLoopback, parseIp } from "../../lib/core/ip_address.ts";

test("ip address: what an address is, and its bytes", () => {
  const cases: readonly [string, string][] = [
    ["0.0.0.0", "00000000"],
    ["192.168.1.255", "c0a801ff"],
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["1::", "00010000000000000000000000000000"],
    ["2001:DB8::a:0:1", "20010db8000000000000000a00000001"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ["::2:3:4:5:6:7:8", "00000002000300040005000600070008"],
    ["64:ff9b::192.0.2.1", "0064ff9b0000000000000000c0000201"],
    ["1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304"],
    ["::ffff:10.0.0.1", "0a000001"],
    ["::ffff:a00:1", "0a000001"],
    ["::fffe:10.0.0.1", "00000000000000000000fffe0a000001"],
  ];
  for (const [text, hex] of cases) {
    const got = [...parseIp(text) ?? []].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    assert.equal(got, hex, text);
  }
});

test("ip address: what is none", () => {
  const cases = [
    "",
    "localhost",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4 ",
    "0x7f.0.0.1",
    "2130706433",
    ":",
    ":::",
    "1::2::3",
    ":1",
    "1:",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4::5:6:7:8",
    "12345::",
    "g::",
    "[::1]",
    "::1%eth0",
    "1.2.3.4::",
    "::1.2.3.4:5",
    "1:2:3:4:5:6:7:1.2.3.4",
  ];
  for (const text of cases) assert.equal(parseIp(text), undefined, text);
});

test("ip address: which ones are loopback", () => {
  for (const text of ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"]) {
    assert.equal(isLoopback(parseIp(text)!), true, text);
  }
  for (const text of ["128.0.0.1", "10.0.0.1", "::", "::2", "1::1", "::ffff:10.0.0.1"]) {
    assert.equal(isLoopback(parseIp(text)!), false, text);
  }
});
