import { HistogramLogReader } from "hdr-histogram-js";
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import test, { after } from "node:test";
import { parseResult, resultToJson } from "../../lib/result/json.ts";
import { Cli, inFolder, loadgen } from "../support/cli.ts";
import { CliHost } from "../support/cli_host.ts";
import { allFailedResult, cleanResult } from "../support/result_fixture.ts";

/** Makes reports of what is stored, and refuses. */
const host = new CliHost();
after(() => host[Symbol.dispose]());

/** An HTTP server that tells of each request as it comes. */
async function counting(onRequest: (count: number) => void): Promise<{ server: Server; url: string }> {
  let count = 0;
  const server = createServer((_request, response) => {
    response.end("hello");
    onRequest(++count);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** How many latencies a log's whole lines hold under each tag. */
function countsByTag(text: string): Record<string, number[]> {
  const reader = new HistogramLogReader(text.slice(0, text.lastIndexOf("\n") + 1));
  const counts: Record<string, number[]> = {};
  for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
    (counts[next.tag] ??= []).push(next.totalCount);
  }
  return counts;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

test("report: of a run that kill -9 ended, all but its last second is left", () =>
  inFolder(async (folder) => {
    const RPS = 200;
    let seen = 0;
    const [json, hlog] = [join(folder, "run.json"), join(folder, "run.hlog")];
    // in the middle of a second, so that the one before it is long written
    const { server, url } = await counting((count) => {
      if (count === 3.7 * RPS) {
        cli.signal("SIGKILL");
        seen = count;
      }
    });
    const cli = new Cli([url, "-r", `${RPS}`, "-d", "1h", "-o", json, "-o", hlog, "--json", "-H", "cookie: hunter2"]);
    await cli.finished;
    server.close();
    assert.ok(!existsSync(json), "no result was written");
    const journal = `${json}.journal`;
    assert.ok(!readFileSync(journal, "utf8").includes("hunter2"));

    const { code, stdout, stderr } = await host.run(["report", journal, "--json"]);
    assert.equal(code, 0, stderr);
    const result = parseResult(stdout, "stdout");
    const { offered, completed, failed, inFlight, unsent } = result.requests;
    const seconds = result.series.length;
    assert.equal(result.outcome, "stopped");
    assert.equal(result.outcomeReason, `the run was killed after ${seconds} s; recovered from its journal`);
    assert.equal(offered, completed + failed + inFlight + unsent);
    assert.ok(
      seen - offered <= RPS * 1.1,
      `${seen} were seen, ${offered} offered: a second and a tick at most are lost`,
    );
    assert.ok(seen - completed <= RPS * 1.1 + inFlight, `${seen} were seen, ${completed} completed`);
    assert.equal(sum(result.series.map((line) => line.offered)), offered);
    assert.equal(sum(result.series.map((line) => line.completed)), completed);
    assert.equal(result.latencyUs.response.count, completed);

    const { response } = countsByTag(readFileSync(hlog, "utf8"));
    assert.ok(response!.length >= seconds - 1, "the log is readable up to the last second");
    assert.deepEqual(
      response!.slice(0, seconds),
      result.series.map((line) => line.completed).slice(0, response!.length),
    );

    truncateSync(journal, readFileSync(journal).length - 20);
    const cut = parseResult((await host.run(["report", journal, "--json"])).stdout, "stdout");
    assert.equal(cut.series.length, seconds - 1, "a last line that was cut off is left out");
  }));

test("report: a run to its end leaves its files whole, no journal, and the same report once more", () =>
  inFolder(async (folder) => {
    const [json, hlog] = [join(folder, "run.json"), join(folder, "run.hlog")];
    const { code, stdout, stderr } = await loadgen(["-r", "100", "-d", "1200ms", "-o", json, "-o", hlog]);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    assert.ok(!existsSync(`${json}.journal`) && !existsSync(`${hlog}.journal`));
    const result = parseResult(readFileSync(json, "utf8"), json);
    for (const [tag, counts] of Object.entries(countsByTag(readFileSync(hlog, "utf8")))) {
      assert.equal(counts.length, result.series.length);
      assert.equal(sum(counts), result.latencyUs[tag as keyof typeof result.latencyUs].count, tag);
    }
    const again = await host.run(["report", json]);
    assert.equal(again.code, 0, again.stderr);
    assert.ok(stdout.endsWith(again.stdout), "the report is a rendering of the file alone");
    const [copy, log] = [join(folder, "copy.json"), join(folder, "copy.hlog")];
    assert.deepEqual(await host.run(["report", json, "-o", copy, "-o", log]), { code: 0, stdout: "", stderr: "" });
    assert.equal(readFileSync(copy, "utf8"), readFileSync(json, "utf8"));
    assert.deepEqual(countsByTag(readFileSync(log, "utf8"))["response"], [120]);
  }));

test("report: an interrupted run has written its result as well, and leaves no journal", () =>
  inFolder(async (folder) => {
    const json = join(folder, "run.json");
    const cli = new Cli(["-r", "50", "-d", "1h", "-o", json, "--json"]);
    await cli.printed(/embedded target/);
    while (!existsSync(`${json}.journal`)) await new Promise((resolve) => setTimeout(resolve, 50));
    cli.signal("SIGINT");
    assert.equal((await cli.finished).code, 130);
    assert.equal(parseResult(readFileSync(json, "utf8"), json).outcome, "interrupted");
    assert.ok(!existsSync(`${json}.journal`));
  }));

test("report: a journal that cannot be written costs one line, and not the run", () =>
  inFolder(async (folder) => {
    const json = join(folder, "run.json");
    mkdirSync(`${json}.journal`);
    const { code, stdout, stderr } = await loadgen(["-r", "50", "-d", "1200ms", "-o", json]);
    assert.equal(stderr, `loadgen: ${json}.journal: cannot be written (EISDIR)\n`);
    assert.equal(code, 0, "the result was written");
    assert.match(stdout, /60 completed/);
    assert.equal(parseResult(readFileSync(json, "utf8"), json).requests.completed, 60);
  }));

/** Only Linux has a device that is full: elsewhere there is no such test, rather than one that passes unseen. */
const testOnLinux = process.platform === "linux" ? test : () => {};

testOnLinux(
  "report: a full disk costs one line for each file; the report is printed, and the exit code tells",
  () =>
    inFolder(async (folder) => {
      const [json, hlog] = [join(folder, "run.json"), join(folder, "run.hlog")];
      for (const path of [json, hlog, `${json}.journal`]) symlinkSync("/dev/full", path);
      const { code, stdout, stderr } = await loadgen(["-r", "50", "-d", "2200ms", "-o", json, "-o", hlog]);
      assert.equal(code, 1);
      assert.match(stdout, /110 completed/);
      assert.deepEqual(
        stderr.trimEnd().split("\n"),
        [`${json}.journal`, hlog, json].map((path) => `loadgen: ${path}: cannot be written (ENOSPC)`),
      );
    }),
);

testOnLinux(
  "report: a result that cannot be written is left in the journal, with the run's own outcome",
  () =>
    inFolder(async (folder) => {
      const json = join(folder, "run.json");
      symlinkSync("/dev/full", json);
      const { code, stderr } = await loadgen(["-r", "50", "-d", "1200ms", "-o", json]);
      assert.equal(code, 1);
      assert.equal(
        stderr,
        `loadgen: ${json}: cannot be written (ENOSPC)\n` +
          `loadgen: the result can be had with: loadgen report ${json}.journal\n`,
      );
      const { stdout } = await host.run(["report", `${json}.journal`, "--json"]);
      const { outcome, requests } = parseResult(stdout, "stdout");
      assert.deepEqual([outcome, requests.completed], ["completed", 60]);
      const full = await host.run(["report", `${json}.journal`, "-o", json]);
      assert.equal(full.code, 1);
      assert.equal(full.stderr, `loadgen: ${json}: cannot be written (ENOSPC)\n`);
    }),
);

test("report: the journal of a killed run outlives the next run", () =>
  inFolder(async (folder) => {
    const json = join(folder, "run.json");
    writeFileSync(`${json}.journal`, "precious");
    const { code, stderr } = await loadgen(["-n", "5", "-c", "1", "-o", json]);
    assert.equal(code, 0);
    assert.equal(stderr, `loadgen: ${json}.journal: a killed run's, kept as ${json}.journal.old\n`);
    assert.equal(readFileSync(`${json}.journal.old`, "utf8"), "precious");
    assert.ok(!existsSync(`${json}.journal`));
  }));

test("report: what is neither a result nor a journal is refused in one line with exit code 2", () =>
  inFolder(async (folder) => {
    const file = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const journal = '{"schema":"loadgen/journal@1"';
    const text = resultToJson(cleanResult());
    const evil = {
      ...allFailedResult(),
      requests: { ...allFailedResult().requests, byError: { "\u001b[2J\u009b": -1 } },
    };
    mkdirSync(join(folder, "folder.json"));
    file("killed.json.journal", journal);
    const cases: readonly [path: string, message: RegExp][] = [
      [join(folder, "none.json"), /no such file$/],
      [join(folder, "killed.json"), /no such file; its run was killed, and .*killed\.json\.journal is what it left$/],
      [join(folder, "folder.json"), /expected a result .* or the journal of a run, got a folder$/],
      [file("empty.json", ""), /expected a result .* or the journal of a run$/],
      [file("noise.json", new Uint8Array(3000).map((_, at) => at * 7)), /expected a result/],
      [file("scenario.json", '{"load":{"rps":5}}'), /expected a result/],
      [file("half.json", text.slice(0, text.length / 2)), /expected JSON, got/],
      [file("negative.json", text.replace('"offered": 5000', '"offered": -1')), /\d+:\d+: requests\.offered: /],
      [file("evil.json", JSON.stringify(evil)), /requests\.byError\./],
      [file("headless.journal", journal), /expected the journal of a run, got a journal without its first line$/],
      [file("wrong.journal", `${journal}}\n`), /:1: expected a journal's first line, but runtime: /],
      [file("endless.journal", journal + " ".repeat(5 << 20)), /got a line without an end$/],
    ];
    for (const [path, message] of cases) {
      const { code, stdout, stderr } = await host.run(["report", path]);
      assert.equal(code, 2, `${path}: ${stderr}`);
      assert.equal(stdout, "");
      assert.ok(stderr.startsWith(`loadgen: ${path}`), stderr);
      assert.match(stderr.slice(0, -1), message);
      // deno-lint-ignore no-control-regex
      assert.match(stderr, /^[^\x00-\x1f\x7f-\x9f]+\n$/);
    }
  }));

test("report: formats that there are none of are refused before anything is done", async () => {
  const cases: readonly [words: readonly string[], line: string][] = [
    [
      ["report", "a.json", "-o", "a.txt"],
      'loadgen: --output: expected a file name that ends in .json or .hlog, got "a.txt"\n',
    ],
    [["-n1", "-o", "a.txt"], 'loadgen: --output: expected a file name that ends in .json or .hlog, got "a.txt"\n'],
    [["compare", "-n1", "-o", "a.hlog"], 'loadgen: --output: expected a file name that ends in .json, got "a.hlog"\n'],
  ];
  for (const [words, line] of cases) assert.deepEqual(await host.run(words), { code: 2, stdout: "", stderr: line });
  const { code, stderr } = await host.run(["report"]);
  assert.equal(code, 2);
  assert.match(stderr, /^loadgen: .*file.*\n$/);
});
