import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import test from "node:test";
import { currentRuntime, selfCommand } from "../../cli/process/runtimes.ts";
import { Cli } from "../support/cli.ts";

function run(words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(words[0]!, words.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (bytes) => stdout += bytes);
    child.stderr.on("data", (bytes) => stderr += bytes);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

test("run: at the limit of open files it stops, says which and how to raise it, and reports", async () => {
  const self = selfCommand(currentRuntime(), process.execPath, ["--no-close", "--rps", "200", "-d", "10s", "--no-tui"]);
  const { code, stdout } = await run(["sh", "-c", 'ulimit -n 256; exec "$@"', "sh", ...self]);
  assert.equal(code, 3, stdout);
  assert.match(stdout, /limit of open files \(256\)/);
  assert.match(stdout, /ulimit -n/);
  assert.match(stdout, /awaitingBodyRead/);
});

/** Only Linux shows its table of connections as a file: elsewhere there is no such test, rather than one that passes unseen. */
const testOnLinux = process.platform === "linux" ? test : () => {};

testOnLinux("run: the sockets of a held run are really there, as the kernel counts them", async () => {
  const { createServer } = await import("node:net");
  const { readFileSync } = await import("node:fs");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const established = () =>
    readFileSync("/proc/net/tcp", "utf8").split("\n").filter((line) => {
      const [, , remote, state] = line.trim().split(/\s+/);
      return state === "01" && remote?.endsWith(`:${port.toString(16).toUpperCase().padStart(4, "0")}`);
    }).length;
  let most = 0;
  const watch = setInterval(() => most = Math.max(most, established()), 20);
  const url = `http://127.0.0.1:${port}/`;
  const args = ["--url", url, "--rps", "100", "-d", "2s", "--max-conns", "60", "--no-close", "--json"];
  const { code, stdout } = await run(selfCommand(currentRuntime(), process.execPath, args));
  clearInterval(watch);
  server.close();
  assert.equal(code, 0);
  const result = JSON.parse(stdout);
  assert.equal(result.connections.live.end, 60);
  assert.equal(most, 60);
});

test("run: a server killed in mid-run leaves a full report, with errors by code", async () => {
  const words = selfCommand(currentRuntime(), process.execPath, ["serve", "--port", "0"]);
  const server = spawn(words[0]!, words.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve) => {
    let text = "";
    server.stdout.on("data", (bytes) => {
      text += bytes;
      const match = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
      if (match !== null) resolve(match[0]);
    });
  });
  const cli = new Cli([url, "--rps", "100", "-d", "4s", "--json"]);
  await cli.printed(/100 rps in all/);
  setTimeout(() => process.kill(server.pid!, "SIGKILL"), 2000);
  const { code, stdout } = await cli.finished;
  assert.equal(code, 0);
  const { requests, series } = JSON.parse(stdout);
  assert.equal(requests.offered, 400);
  assert.equal(requests.completed + requests.failed, 400);
  assert.ok(requests.completed > 0 && requests.failed > 0, stdout.slice(0, 600));
  assert.ok(requests.byError["dial/ECONNREFUSED"] > 0);
  assert.ok(series.length >= 4);
});

test("run: a limit of open files that is too low to start is one line, or a report", async () => {
  const self = selfCommand(currentRuntime(), process.execPath, ["-r", "50", "-n", "5", "--json"]);
  const { code, stdout, stderr } = await run(["sh", "-c", 'ulimit -n 48; exec "$@"', "sh", ...self]);
  assert.ok(code === 0 || code === 3, stderr);
  if (stdout === "") assert.match(stderr, /^loadgen: .*open files.*$/m);
  assert.doesNotMatch(stderr, /^ +at /m);
});

testOnLinux("run: the embedded target's end ends the run, which says so", async () => {
  const { readdirSync, readFileSync } = await import("node:fs");
  const words = selfCommand(currentRuntime(), process.execPath, ["-r", "50", "-d", "1m", "--json"]);
  const cli = spawn(words[0]!, words.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  cli.stdout.on("data", (bytes) => stdout += bytes);
  const targetOf = (): number | undefined =>
    readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).find((pid) => {
      try {
        const parent = Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1]);
        return parent === cli.pid && readFileSync(`/proc/${pid}/cmdline`, "latin1").endsWith("\0target\0");
      } catch {
        return false; // it has just ended
      }
    });
  await new Promise<void>((resolve) => cli.stderr.once("data", resolve)); // the plan
  let pid = targetOf();
  for (; pid === undefined; pid = targetOf()) await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 1500)); // it listens
  process.kill(pid, "SIGTERM"); // which it leaves to its parent
  await new Promise((resolve) => setTimeout(resolve, 200));
  process.kill(pid, "SIGKILL");
  const code = await new Promise((resolve) => cli.on("close", resolve));
  assert.equal(code, 3);
  const { outcome, outcomeReason, requests } = JSON.parse(stdout);
  assert.deepEqual([outcome, outcomeReason], ["stopped", "the embedded target died: SIGKILL ended it"]);
  assert.equal(requests.offered, requests.completed + requests.failed + requests.inFlight + requests.unsent);
});
