import assert from "node:assert/strict";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { Cli, loadgen } from "../support/cli.ts";

/** A target in the foreground, and its URL. */
async function serving(args: readonly string[] = []): Promise<{ cli: Cli; url: string }> {
  const cli = new Cli(["serve", "--port", "0", ...args]);
  const [, url] = await cli.printed(/listening on (http:\S+?),/);
  return { cli, url: url! };
}

test("serve: answers until Ctrl-C, and says what it served", async () => {
  const { cli, url } = await serving(["--body-bytes", "20"]);
  const response = await fetch(url, { method: "POST", body: "hello" });
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "x".repeat(20));
  cli.signal("SIGINT");
  const { code, stdout } = await cli.finished;
  assert.equal(code, 0);
  assert.match(stdout, /served 1 requests on 1 connections\n$/);
});

test("serve: a port that is taken is refused in one line", async () => {
  const { cli, url } = await serving();
  const { code, stderr } = await loadgen(["serve", "--port", new URL(url).port]);
  cli.signal("SIGTERM");
  await cli.finished;
  assert.equal(code, 2);
  assert.match(stderr, /^loadgen: --port: expected a port that is free, got \d+\n$/);
});

test("serve: a server that dies in mid-run leaves a full report, with its errors by code", async () => {
  const { cli, url } = await serving(["--latency", "100ms"]);
  const run = new Cli(["--url", url, "-r", "100", "-d", "4s", "--json"]);
  await run.printed(/100 rps/);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  cli.signal("SIGKILL");
  const { code, stdout } = await run.finished;
  assert.equal(code, 0);
  const { requests } = parseResult(stdout, "stdout");
  const { offered, completed, failed, inFlight, unsent, byError } = requests;
  assert.equal(offered, 400);
  assert.equal(offered, completed + failed + inFlight + unsent);
  assert.ok(completed > 0 && failed > 0, JSON.stringify(requests));
  assert.ok(byError["dial/ECONNREFUSED"]! > 0, JSON.stringify(byError));
  assert.equal(Object.values(byError).reduce((sum, count) => sum + count, 0), failed);
});
