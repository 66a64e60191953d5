// Gates of a CI job, against services that must not pass them.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { inFolder, loadgen } from "../support/cli.ts";
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

test("gates: every answer 500 does not pass a rule on errors, nothing that listens none on latency", async () => {
  await using broken = await answering("500 No");
  const errors = await loadgen([broken.url, "-n20", "-c2", "--fail-if", "errors > 1%", "--fail-if", "status.5xx > 1%"]);
  assert.equal(errors.code, 99);
  assert.match(errors.stdout, /✗ errors > 1%: it was 100 %$/m);
  assert.match(errors.stdout, /✗ status\.5xx > 1%: it was 100 %$/m);
  const latency = await loadgen([await nobody(), "-n20", "-c2", "--fail-if", "p99 > 200ms"]);
  assert.equal(latency.code, 99);
  assert.match(latency.stdout, /✗ p99 > 200ms: failed, 100 % of requests were not answered as expected$/m);
});

test("gates: requests that all time out before the budget is used up do not keep it", async () => {
  await using deaf = await ScriptedServer.start(() => {});
  const { code, stdout } = await loadgen(
    [deaf.url, "-r", "40", "-d", "500ms", "-t", "100ms", "--fail-if", "p99 > 200ms", "--json"],
  );
  assert.equal(code, 99);
  const { thresholds: [rule], latencyUs } = parseResult(stdout, "stdout");
  assert.deepEqual([rule!.failed, rule!.value, rule!.reason, rule!.notAsExpected], [true, null, "notAsExpected", {
    count: 20,
    of: 20,
  }]);
  assert.ok(latencyUs.response.p99 >= 100_000, "what is shown is what was measured");
});

test("gates: two of a hundred that fail break p99, wherever the load is sent from, and in every account of it", () =>
  inFolder(async (folder) => {
    let answers = 0;
    await using server = await ScriptedServer.start(({ socket }) =>
      socket.write(`HTTP/1.1 ${++answers % 50 === 0 ? "500 No" : "200 OK"}\r\nContent-Length: 1\r\n\r\nx`)
    );
    const args = [server.url, "-n100", "-c4", "--fail-if", "p99 > 5s", "--fail-if", "p90 > 5s", "--json"];
    for (const how of [[], ["-w2"], ["--client", "fetch"]]) {
      answers = 0;
      const { code, stdout } = await loadgen([...args, ...how]);
      assert.equal(code, 99);
      const { thresholds } = parseResult(stdout, "stdout");
      assert.deepEqual(thresholds.map(({ failed }) => failed), [true, false], how.join());
      assert.deepEqual(thresholds[0]!.notAsExpected, { count: 2, of: 100 });
    }
    answers = 0;
    const file = join(folder, "one.json");
    const compared = await loadgen(["compare", "--runtimes", "node", ...args, "-o", file]);
    assert.equal(compared.code, 99, "in a process of its own as well");
    const shown = await loadgen(["report", join(folder, "one.node.json")]);
    assert.equal(shown.code, 0, "to show a result is no run");
    assert.match(shown.stdout, /✗ p99 > 5s: failed, 2\.0 % of requests were not answered as expected$/m);
    assert.match(shown.stdout, /✓ p90 > 5s: it was /m);
  }));

test("gates: a dead service ends a run that may be aborted, after its first second", async () => {
  const { code, stdout } = await loadgen(
    [await nobody(), "-r", "50", "-d", "50s", "--abort-if", "p99 > 200ms", "--json"],
  );
  assert.equal(code, 99);
  const { outcome, outcomeReason, thresholds } = parseResult(stdout, "stdout");
  assert.deepEqual([outcome, thresholds[0]!.endedRun], ["stopped", true]);
  assert.match(outcomeReason, /^p99 > 200ms came true: 100 % of requests were not answered as expected after 1/);
});

test("gates: rules for one request of several, in this process and in workers", () =>
  inFolder(async (folder) => {
    await using server = await ScriptedServer.start(({ head, socket }) =>
      socket.write(`HTTP/1.1 ${head.includes("/buy") ? "503 No" : "200 OK"}\r\nContent-Length: 1\r\n\r\nx`)
    );
    const file = join(folder, "shop.json");
    const scenario = {
      baseUrl: server.url,
      flow: "sequence",
      requests: [{ name: "search", url: "/search" }, { name: "buy it", url: "/buy" }],
      load: { requests: 40, connections: 2 },
      thresholds: ["p99{search} < 5s", "errors{search} < 1%", "errors{buy it} < 1%", "status.5xx{buy it} < 1%"],
    };
    writeFileSync(file, JSON.stringify(scenario));
    for (const how of [[], ["-w2"]]) {
      const { code, stdout } = await loadgen([file, ...how]);
      assert.equal(code, 99);
      assert.match(stdout, /✓ p99\{search\} < 5s: it was .*\n +✓ errors\{search\} < 1%: it was 0 %$/m);
      assert.match(stdout, /✗ errors\{buy it\} < 1%: it was 100 %\n +✗ status\.5xx\{buy it\} < 1%: it was 100 %$/m);
    }
  }));

test("gates: --fail-on-leak fails a run that leaks, and one of which nothing can be told, and is kept by a sound one", async () => {
  const leaking = await loadgen(["--no-close", "-r", "100", "-d", "2s", "--fail-on-leak"]);
  assert.equal(leaking.code, 99);
  assert.match(leaking.stdout, /✗ no leak: failed, it leaks$/m);
  const sound = await loadgen(["-r", "100", "-d", "2s", "--fail-on-leak", "--json"]);
  const { leak, thresholds } = parseResult(sound.stdout, "stdout");
  assert.equal(sound.code, leak.verdict === "clean" ? 0 : 99);
  assert.deepEqual(thresholds.map(({ expression, reason }) => [expression, reason]), [["no leak", leak.verdict]]);
  const dead = await loadgen([await nobody(), "-n5", "-c1", "--fail-on-leak"]);
  assert.equal(dead.code, 99);
  assert.match(dead.stdout, /✗ no leak: failed, it could not be told$/m);
});
