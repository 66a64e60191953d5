import assert from "node:assert/strict";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { Cli } from "../support/cli.ts";

/** Starts a run that would last for ever and lets it answer for a moment, which a busy machine begins late. */
async function running(args: readonly string[], forMs = 2500): Promise<Cli> {
  const cli = new Cli(args);
  await cli.printed(/embedded target/);
  await new Promise((resolve) => setTimeout(resolve, forMs));
  return cli;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`interrupt: ${signal} ends the run with its report and exit code 130`, async () => {
    const cli = await running(["-r", "50", "-d", "1h", "--json"]);
    cli.signal(signal);
    const { code, stdout } = await cli.finished;
    assert.equal(code, 130);
    const { outcome, requests } = parseResult(stdout, "stdout");
    assert.equal(outcome, "interrupted");
    assert.ok(requests.completed > 0);
    const { offered, completed, failed, inFlight, unsent } = requests;
    assert.equal(offered, completed + failed + inFlight + unsent);
  });
}

test("interrupt: what is in flight is not awaited, and the run says that it was cut", async () => {
  const cli = await running(["-r", "20", "-d", "500ms", "--latency", "1h", "-t", "0", "--grace", "1h"], 4000);
  cli.signal("SIGINT");
  const { code, stdout } = await cli.finished;
  assert.equal(code, 130);
  assert.match(stdout, /^ *The run was interrupted\.$/m);
  assert.match(stdout, /^ *censored +10 /m);
});

test("interrupt: the second signal ends it at once, without a report", async () => {
  const cli = await running(["-r", "50", "-d", "1h", "--json"]);
  cli.signal("SIGINT");
  cli.signal("SIGTERM");
  const { code, stdout } = await cli.finished;
  assert.equal(code, 130);
  assert.equal(stdout, "");
});

test("interrupt: a comparison stops its worker cleanly and shows what there is", async () => {
  const cli = await running(["compare", "--runtimes", "node,bun", "-r", "50", "-d", "1h", "--json"]);
  cli.signal("SIGINT");
  const { code, stdout } = await cli.finished;
  assert.equal(code, 130);
  const [first, second] = JSON.parse(stdout);
  assert.equal(first.result.outcome, "interrupted");
  assert.equal(second.problem, "not run: interrupted");
});

test("interrupt: the target does not outlive a run that was killed", async () => {
  const cli = await running(["-r", "50", "-d", "1h", "--json"]);
  // The target shares its run's stderr: the pipe ends when both are gone.
  const ended = new Promise<string>((resolve) => cli.child.stderr!.on("end", () => resolve("ended")));
  const late = new Promise<string>((resolve) => setTimeout(resolve, 20_000, "still open").unref());
  cli.signal("SIGKILL");
  assert.equal(await Promise.race([ended, late]), "ended");
});
