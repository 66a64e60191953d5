// Whom a load says it comes from, as it arrives at the server, by each client.

import assert from "node:assert/strict";
import test from "node:test";
import { load } from "../../../lib/result/load.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import type { Scenario } from "../../../lib/scenario/scenario.ts";
import { ok, ScriptedServer } from "../../support/scripted_server.ts";

const CLIENTS = ["loadgen", "fetch"] as const;

interface Sent {
  /** Of the Authorization fields. */
  readonly values: readonly string[];
  readonly target: string;
  readonly stored: string;
}

/** What one request of this kind sends. `at` is the URL's authority and what is behind it. */
async function sent(
  client: typeof CLIENTS[number],
  at: (authority: string) => Partial<Scenario>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Sent> {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const scenario = at(new URL(server.url).host);
  const plan = resolve({ ...scenario, load: { client, connections: 1, requests: 1 } });
  const result = await load(plan, { environment });
  assert.equal(result.requests.completed, 1);
  const [head] = server.heads;
  return {
    values: [...head!.matchAll(/^authorization: (.*?)\r$/gim)].map(([, value]) => value!),
    target: head!.split(" ")[1]!,
    stored: JSON.stringify(result),
  };
}

/** "name:password" of a Basic authorization. */
function basic(value: string | undefined): string {
  const [, base64] = /^Basic (.*)$/.exec(value ?? "")!;
  return new TextDecoder().decode(Uint8Array.from(atob(base64!), (letter) => letter.charCodeAt(0)));
}

for (const client of CLIENTS) {
  const cases: readonly (readonly [string, (authority: string) => Partial<Scenario>, string])[] = [
    ["a URL's", (at) => ({ request: { url: `http://user:p%40ss@${at}/a` } }), "user:p@ss"],
    ["a base URL's", (at) => ({ baseUrl: `http://user:%E2%82%AC@${at}/`, request: { url: "/a" } }), "user:€"],
    ["a URL's name without a password", (at) => ({ request: { url: `http://user@${at}/a` } }), "user:"],
    ["a URL's with a colon and a bare %", (at) => ({ request: { url: `http://u:a:b%@${at}/a` } }), "u:a:b%"],
    ["the user's", (at) => ({ request: { url: `http://${at}/a`, user: "na:me:pw" } }), "na:me:pw"],
    ["the user's before the URL's", (at) => ({ request: { url: `http://x:y@${at}/a`, user: "u:ü" } }), "u:ü"],
    [
      "the environment's",
      (at) => ({ request: { url: `http://${at}/a`, user: "me:${PASSWORD}" } }),
      "me:from outside",
    ],
    [
      "a URL's from the environment",
      (at) => ({ variables: { at }, request: { url: "http://me:${ENCODED}@{{at}}/a" } }),
      "me:a/b",
    ],
  ];
  for (const [name, at, expected] of cases) {
    test(`credentials, by ${client}: ${name} go out, and into no result`, async () => {
      const { values, target, stored } = await sent(client, at, { PASSWORD: "from outside", ENCODED: "a%2Fb" });
      assert.deepEqual(values.map(basic), [expected]);
      assert.equal(target, "/a");
      const [, password] = /:(.*)$/.exec(expected)!;
      assert.ok(password === "" || password!.length < 3 || !stored.includes(password!), "the password is stored");
    });
  }

  test(`credentials, by ${client}: a header that is given goes before all others, in any case`, async () => {
    const { values } = await sent(client, (at) => ({
      request: { url: `http://u:p@${at}/a`, user: "x:y", headers: { AUTHORIZATION: "Bearer t" } },
    }));
    assert.deepEqual(values, ["Bearer t"]);
  });

  test(`credentials, by ${client}: a feeder's row gives each request its own`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
    const plan = resolve({
      request: { url: server.url, user: "user{{index}}:{{index}}" },
      load: { client, connections: 1, requests: 2 },
    });
    await load(plan);
    const users = server.heads.map((head) => basic(/^authorization: (.*?)\r$/im.exec(head)?.[1]));
    assert.equal(new Set(users).size, 2, users.join());
  });
}
