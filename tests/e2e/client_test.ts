// Which client sends, as the command line has it.

import assert from "node:assert/strict";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import { loadgen } from "../support/cli.ts";
import { columnsOf, type ComparisonJson } from "../support/comparison.ts";

const LOADS = [
  ["an open loop", ["--rps", "60", "-d", "500ms"]],
  ["a closed loop", ["-n", "30", "-c", "3"]],
] as const;

const BODIES = [["read", []], ["closed", ["--no-read"]], ["held", ["--no-close"]]] as const;

for (const [loop, load] of LOADS) {
  for (const [bodies, flags] of BODIES) {
    test(`client: --client fetch runs ${loop}, bodies ${bodies}, and its counts are exact`, async () => {
      const { code, stdout, stderr } = await loadgen(["--client", "fetch", ...load, ...flags, "--json", "--no-tui"]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /by the runtime's fetch/);
      const { requests, connections, leak } = parseResult(stdout, "stdout");
      assert.deepEqual([requests.offered, requests.completed, requests.byStatus], [30, 30, { 200: 30 }]);
      assert.equal(requests.offered, requests.completed + requests.failed + requests.inFlight + requests.unsent);
      const held = bodies === "held" ? 30 : 0;
      assert.equal(connections.readLoops["awaitingBodyRead"] ?? 0, held);
      assert.equal(connections.live.end, held);
      assert.equal(leak.verdict === "leaking", held > 0, leak.reason);
      if (held > 0) {
        assert.match(leak.reason, /^bodies leak in the client: 30 of 30 answers are neither read nor cancelled/);
      }
    });
  }
}

const REFUSED: readonly (readonly [flags: readonly string[], line: string])[] = [
  [["--max-conns", "3"], "--max-conns: cannot be used with --client fetch: a fetch's connections are the runtime's"],
  [["--pipeline", "2"], "--pipeline: cannot be used with --client fetch: a fetch pipelines nothing"],
  [
    ["-r5", "-c", "3"],
    "--connections: cannot be used with --client fetch: how many connections a fetch takes is the runtime's choice",
  ],
  [["-b", "x"], "--body: cannot be used with --client fetch: a fetch sends none with GET"],
];

test("client: what a fetch does not heed ends with one line and exit code 2", async () => {
  const ended = await Promise.all(REFUSED.map(([flags]) => loadgen(["--client", "fetch", "-n", "1", ...flags])));
  assert.deepEqual(
    ended.map(({ code, stdout, stderr }) => [code, stdout, stderr.trim()]),
    REFUSED.map(([, line]) => [2, "", `loadgen: ${line}`]),
  );
});

test("client: it is in the plan, so that other processes and their threads send with it", async () => {
  const words = ["compare", "--runtimes", "node,bun", "--client", "fetch", "-n", "40", "-c", "4", "-w", "2", "--json"];
  const { code, stdout, stderr } = await loadgen(words);
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    columnsOf(stdout).map((
      { label, result },
    ) => [label, result?.runtime.socket, result?.requests.completed, result?.workers?.length]),
    [["node", "fetch", 40, 2], ["bun", "fetch", 40, 2]],
  );
  const { columns, unlike } = JSON.parse(stdout) as ComparisonJson;
  assert.deepEqual(columns.map(({ client }) => client), ["fetch", "fetch"]);
  assert.deepEqual(unlike.map(({ field, spoils }) => [field, spoils]), [["runtime", []]]);
});
