// Gates of a CI job, against services that must not pass them.

import assert from "node:assert/strict";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { loadgen } from "../support/cli.ts";
import { ScriptedServer } from "../support/scripted_server.ts";

/** A port of loopback that nobody listens on. */
async function nobody(): Promise<string> {
  const server = await ScriptedServer.start(() => {});
  const { url } = server;
  await server[Symbol.asyncDispose]();
  return url;
}

function answering(status: string): Promise<ScriptedServer> {
  return ScriptedServer.start(({ socket }) => socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 1\r\n\r\nx`));
}

test("gates: where not one request was answered as expected, the exit code is 4 without any rule", async () => {
  await using broken = await answering("500 No");
  for (const url of [broken.url, await nobody()]) {
    const { code, stdout } = await loadgen([url, "-n5", "-c1"]);
    assert.equal(code, 4, stdout);
    assert.match(stdout, /= 0 completed \+ 5 failed/);
  }
});

test("gates: --expect-status says what is a failure, through either client and in workers", async () => {
  await using server = await answering("404 No");
  for (const how of [[], ["--client", "fetch"], ["-w2"]]) {
    const failed = await loadgen([server.url, "-n6", "-c2", ...how, "--json"]);
    assert.equal(failed.code, 4, failed.stderr);
    const { requests } = parseResult(failed.stdout, "stdout");
    assert.deepEqual([requests.byStatus, requests.byError], [{ 404: 6 }, { "expect/status 404": 6 }]);
    const expected = await loadgen([server.url, "-n6", "-c2", ...how, "--expect-status", "2xx,404", "--json"]);
    assert.equal(expected.code, 0, expected.stderr);
    assert.equal(parseResult(expected.stdout, "stdout").requests.completed, 6);
  }
});

test("gates: a service that redirects everything is said to, as nothing behind it was measured", async () => {
  await using server = await answering("302 Found");
  const { code, stdout } = await loadgen([server.url, "-n3", "-c1"]);
  assert.equal(code, 0);
  assert.match(stdout, /Every answer was 302: redirects are not followed/);
  assert.equal((await loadgen([server.url, "-n3", "-c1", "--expect-status", "2xx"])).code, 4);
});
