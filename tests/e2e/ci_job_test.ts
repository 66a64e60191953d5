// The README's job for CI, as it stands but for the address and the time, against services that must not pass it.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { packageRoot } from "../../cli/process/runtimes.ts";
import { type Finished, loadgen } from "../support/cli.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";

/** Its two commands: what makes the baseline, and the job. */
const [BASELINE, JOB] = commandsOf(readFileSync(join(packageRoot, "README.md"), "utf8"));

function commandsOf(readme: string): [string[], string[]] {
  const [, block] = /^## In CI\n+```sh\n(.*?)^```/ms.exec(readme)!;
  const lines = block!.replaceAll("\\\n", "").trimEnd().split("\n");
  assert.equal(lines.length, 2);
  const [baseline, job] = lines.map((line) =>
    [...line.replace(/\s#.*$/, "").matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!).slice(1)
  );
  return [baseline!, job!];
}

/** A command with another address, for a short while, its files in a folder. */
function aimed(words: readonly string[], url: string, duration = "2s"): string[] {
  const placed = words.map((word) => word.startsWith("http:") ? url : word === "main.json" ? join(folder, word) : word);
  return [...placed, "-d", duration];
}

/** Answers with this status, after so long. */
function service(status: string, latencyMs: number): Promise<ScriptedServer> {
  const answer = ok("hello").replace(/^HTTP\/1\.1 200 OK/, `HTTP/1.1 ${status}`);
  return ScriptedServer.start(({ socket }) => setTimeout(() => socket.write(answer), latencyMs));
}

const folder = mkdtempSync(join(tmpdir(), "loadgen-test-"));

before(async () => {
  await using main = await service("200 OK", 20);
  const { code, stderr } = await loadgen(aimed(BASELINE, main.url, "4s"));
  assert.equal(code, 0, stderr);
});

after(() => rmSync(folder, { recursive: true }));

/** The job's word on a service, held against one that answers after 20 ms. */
async function judged(status: string, latencyMs: number, ...more: readonly string[]): Promise<Finished> {
  await using now = await service(status, latencyMs);
  return await loadgen([...aimed(JOB, now.url), ...more]);
}

test("ci job: fails on a service that answers 500", async () => {
  const { code, stdout } = await judged("500 No", 1);
  assert.equal(code, 99, stdout);
  assert.match(stdout, /✗ p99 > 500ms: failed, 100 % of requests were not answered as expected$/m);
  assert.match(stdout, /✗ errors > 1%: it was 100 %$/m);
});

test("ci job: fails on a service that does not listen", async () => {
  const gone = await ScriptedServer.start(() => {});
  const { url } = gone;
  await gone[Symbol.asyncDispose]();
  const { code, stdout } = await loadgen(aimed(JOB, url));
  assert.equal(code, 99, stdout);
  assert.match(stdout, /✗ p99 > 500ms: failed, 100 % of requests were not answered as expected$/m);
});

test("ci job: fails on a slow service", async () => {
  const { code, stdout } = await judged("200 OK", 700);
  assert.equal(code, 99, stdout);
  assert.match(stdout, /✗ p99 > 500ms: /);
});

test("ci job: fails on a leak", async () => {
  const { code, stdout } = await judged("200 OK", 20, "--no-close");
  assert.equal(code, 99, stdout);
  assert.match(stdout, /✗ no leak: /);
  assert.match(stdout, /✓ errors > 1%/);
});

test("ci job: fails on a regression, whatever else it keeps", async () => {
  const { code, stdout } = await judged("200 OK", 120, "-d", "4s");
  assert.equal(code, 99, stdout);
  assert.match(stdout, /✓ no leak/);
  assert.match(stdout, /✗ p50 > \+20%/);
});

test("ci job: passes a service as it was", async () => {
  const { code, stdout } = await judged("200 OK", 20);
  const failed = [...stdout.matchAll(/✗ (.*)$/gm)].map(([, rule]) => rule);
  assert.equal(code, 0, failed.join("\n"));
});
