import assert from "node:assert/strict";
import test from "node:test";
import { systemResolver } from "../../lib/socket/resolver.ts";
import { SocketError } from "../../lib/socket/socket_error.ts";

/** What a host resolves to, or the code of the failure. Rejects where the answer comes inside the call, or twice. */
function resolve(host: string): Promise<readonly string[] | string> {
  return new Promise((resolve, reject) => {
    let inside = true;
    let answers = 0;
    systemResolver.resolve(host, (error, addresses) => {
      if (inside) reject(new Error("called back inside the call"));
      if (++answers > 1) reject(new Error("called back twice"));
      assert.ok(error === undefined || error instanceof SocketError && addresses.length === 0);
      setTimeout(() => resolve(error?.code ?? addresses), 10);
    });
    inside = false;
  });
}

test("resolver: an address is its own", async () => {
  for (const host of ["127.0.0.1", "192.0.2.7", "::1", "2001:db8::7", "::ffff:192.0.2.7"]) {
    assert.deepEqual(await resolve(host), [host]);
  }
});

test("resolver: localhost is on the loopback interface", async () => {
  const addresses = await resolve("localhost");
  assert.ok(addresses.length > 0);
  for (const address of addresses) assert.match(address, /^(127\.|::1$)/);
});

test("resolver: a name that nobody has is ENOTFOUND", async () => {
  // RFC 6761 §6.4: nobody has a name under .invalid; RFC 1035 §2.3.4: a label ends at 63 octets.
  for (const host of ["", `${"x".repeat(64)}.invalid`, "[::1]", "with space.invalid"]) {
    assert.equal(await resolve(host), "ENOTFOUND", host);
  }
});
