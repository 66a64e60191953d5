// Files that give their bytes only once: pipes by name, process substitution, /dev/stdin.

import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { promisify } from "node:util";
import { currentRuntime, selfCommand } from "../../cli/process/runtimes.ts";
import { parseResult } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import { authority } from "../support/certificates.ts";
import { inFolder, loadgen } from "../support/cli.ts";
import { columnsOf } from "../support/comparison.ts";
import { HttpsServer } from "./https_server.ts";

/** Makes pipes in a folder: each gives its text to the first who reads it, and to nobody else. */
async function withPipes<T>(use: (pipe: (name: string, text: string) => string) => Promise<T>): Promise<T> {
  return await inFolder(async (folder) => {
    const writers: ReturnType<typeof spawn>[] = [];
    const pipe = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(`${path}.text`, text);
      execFileSync("mkfifo", [path]);
      writers.push(spawn("sh", ["-c", 'exec cat "$1" > "$2"', "sh", `${path}.text`, path]));
      return path;
    };
    try {
      return await use(pipe);
    } finally {
      for (const writer of writers) writer.kill("SIGKILL");
    }
  });
}

async function resultOf(...args: string[]): Promise<Result> {
  const { code, stdout, stderr } = await loadgen([...args, "--json"]);
  assert.equal(code, 0, stderr);
  return parseResult(stdout, "stdout");
}

test("read once: certificates and keys", () =>
  withPipes(async (pipe) => {
    const signer = await authority();
    const { cert, key } = await signer.client("me");
    const demanding = { ca: signer.ca, requestCert: true, rejectUnauthorized: true };
    await using server = await HttpsServer.start(await signer.server("127.0.0.1"), demanding);
    const files = ["--cacert", pipe("ca", signer.ca), "--cert", pipe("cert", cert), "--key", pipe("key", key)];
    const { requests } = await resultOf(server.url, ...files, "-c1", "-n3");
    assert.deepEqual(requests.byStatus, { "200": 3 });
  }));

test("read once: a pipe with a certificate and its key serves both flags", () =>
  withPipes(async (pipe) => {
    const { cert, key } = await (await authority()).client("me");
    const both = pipe("both", cert + key);
    const { code, stderr } = await loadgen(["--cert", both, "--key", both, "--dry-run"]);
    assert.deepEqual([code, stderr], [0, ""]);
  }));

test("read once: a scenario, with its body, its rows and its timestamps", () =>
  withPipes(async (pipe) => {
    const scenario = {
      request: { url: "/{{name}}", bodyTemplate: pipe("body", "hello {{name}}") },
      feeders: [{ file: pipe("rows.csv", "name\nAda\nBob\n") }],
      load: { timestamps: pipe("times", "0\n0.05\n0.1\n") },
    };
    const { requests, plan } = await resultOf(pipe("mine.json", JSON.stringify(scenario)));
    assert.deepEqual(requests.byStatus, { "200": 3 });
    assert.equal(plan["name"], "mine");
  }));

test("read once: timestamps and a body of flags, in a dry run that draws their curve", () =>
  withPipes(async (pipe) => {
    const args = ["--timestamps", pipe("times", "0\n1\n4\n"), "--body-file", pipe("body", "hello"), "--dry-run"];
    const { code, stdout, stderr } = await loadgen(args);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /3 requests in 4 s/);
  }));

test("read once: worker threads share what was read", () =>
  withPipes(async (pipe) => {
    const { requests } = await resultOf("--timestamps", pipe("times", "0\n0.05\n0.1\n0.1\n"), "-w2");
    assert.deepEqual(requests.byStatus, { "200": 4 });
  }));

test("read once: each process of a comparison is told what was read", () =>
  withPipes(async (pipe) => {
    const signer = await authority();
    await using server = await HttpsServer.start(await signer.server("127.0.0.1"));
    const files = ["--cacert", pipe("ca", signer.ca), "--timestamps", pipe("times", "0\n0.05\n0.1\n")];
    const { stdout, stderr } = await loadgen(["compare", "--runtimes", "node,bun", server.url, ...files, "--json"]);
    assert.deepEqual(
      columnsOf(stdout).map(({ result }) => result?.requests.byStatus),
      [{ "200": 3 }, { "200": 3 }],
      stderr,
    );
  }));

test("read once: process substitution, and /dev/stdin", () =>
  inFolder(async (folder) => {
    const ca = join(folder, "ca.pem");
    writeFileSync(ca, (await authority()).ca);
    await using server = await HttpsServer.start(await (await authority()).server("127.0.0.1"));
    const command = selfCommand(currentRuntime(), process.execPath, [server.url, "-c1", "-n3", "--json", "--cacert"]);
    for (const script of ['"$@" <(cat "$CA")', 'cat "$CA" | "$@" /dev/stdin']) {
      const env = { ...process.env, CA: ca };
      const { stdout } = await promisify(execFile)("bash", ["-c", script, "bash", ...command], { env });
      assert.deepEqual(parseResult(stdout, "stdout").requests.byStatus, { "200": 3 }, script);
    }
    const { requests } = parseResult((await loadgen(["/dev/stdin", "--json"], { stdin: TINY })).stdout, "stdout");
    assert.deepEqual(requests.byStatus, { "200": 3 });
  }));

const TINY = '{ "load": { "requests": 3, "connections": 1 } }';

test("read once: a stored result, on its own or beside another one", () =>
  withPipes(async (pipe) => {
    const { stdout } = await loadgen(["-n3", "-c1", "--json"]);
    const report = await loadgen(["report", pipe("result", stdout)]);
    assert.equal(report.code, 0, report.stderr);
    assert.match(report.stdout, /3 completed/);
    const both = await loadgen(["compare", pipe("before", stdout), pipe("after", stdout)]);
    assert.equal(both.code, 0, both.stderr);
    assert.match(both.stdout, /before +after/);
  }));
