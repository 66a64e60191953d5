import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { parseResult } from "../../lib/result/json.ts";
import type { Result } from "../../lib/result/result.ts";
import { authority, type Certificate } from "../support/certificates.ts";
import { inFolder, loadgen } from "../support/cli.ts";
import { columnsOf } from "../support/comparison.ts";
import { HttpsServer } from "./https_server.ts";

async function resultOf(...args: string[]): Promise<Result> {
  const { code, stdout, stderr } = await loadgen([...args, "--json"]);
  const result = parseResult(stdout, "stdout");
  assert.equal(code, result.requests.completed === 0 ? 4 : 0, stderr);
  return result;
}

/** Gives `use` a folder that holds the authority's certificate as ca.pem. */
async function inFolderWithCa<T>(use: (folder: string, ca: string) => Promise<T>): Promise<T> {
  return await inFolder(async (folder) => {
    const file = join(folder, "ca.pem");
    writeFileSync(file, (await authority()).ca);
    return await use(folder, file);
  });
}

function writePair(folder: string, { cert, key }: Certificate): [cert: string, key: string] {
  const files: [string, string] = [join(folder, "me.pem"), join(folder, "me.key")];
  writeFileSync(files[0], cert);
  writeFileSync(files[1], key);
  return files;
}

test("tls: with --cacert every request completes, on one connection or on one each", () =>
  inFolderWithCa(async (_folder, ca) => {
    await using server = await HttpsServer.start(await (await authority()).server("127.0.0.1"));
    const kept = await resultOf(server.url, "--cacert", ca, "-c1", "-n20");
    assert.deepEqual(kept.requests.byStatus, { "200": 20 });
    assert.deepEqual([kept.connections.dialed, server.connections, server.requests], [1, 1, 20]);
    const fresh = await resultOf(server.url, "--cacert", ca, "-c2", "-n10", "--disable-keepalive");
    assert.deepEqual(fresh.requests.byStatus, { "200": 10 });
    assert.deepEqual([fresh.connections.dialed, server.connections, server.requests], [10, 11, 30]);
  }));

test("tls: a server that nobody vouches for is an error by its code, with a hint; -k takes it", async () => {
  await using server = await HttpsServer.start(await (await authority()).server("127.0.0.1"));
  const refused = await resultOf(server.url, "-c1", "-n3");
  assert.deepEqual(refused.requests.byError, { "tls/UNABLE_TO_VERIFY_LEAF_SIGNATURE": 3 });
  assert.equal(refused.outcome, "completed");
  assert.equal(server.requests, 0);
  const shown = await loadgen([server.url, "-c1", "-n3"]);
  assert.equal(shown.code, 4);
  assert.match(shown.stdout, /The server's certificate is not trusted: --cacert FILE or -k/);
  const taken = await resultOf(server.url, "-c1", "-n3", "-k");
  assert.deepEqual(taken.requests.byStatus, { "200": 3 });
});

test("tls: --servername is what is asked for and verified", () =>
  inFolderWithCa(async (_folder, ca) => {
    await using server = await HttpsServer.start(await (await authority()).server("api.example"));
    const { requests } = await resultOf(server.url, "--cacert", ca, "-c1", "-n3");
    assert.deepEqual(requests.byError, { "tls/ERR_TLS_CERT_ALTNAME_INVALID": 3 });
    server.names.length = 0; // of handshakes that the client gave up, how many count differs
    const named = await resultOf(server.url, "--cacert", ca, "-c1", "-n3", "--servername", "api.example");
    assert.deepEqual(named.requests.byStatus, { "200": 3 });
    assert.deepEqual(server.names, ["api.example"]);
  }));

test("tls: a server that asks for a client certificate gets that of --cert and --key", () =>
  inFolderWithCa(async (folder, ca) => {
    const signer = await authority();
    const [cert, key] = writePair(folder, await signer.client("me"));
    const demanding = { ca: signer.ca, requestCert: true, rejectUnauthorized: true };
    await using server = await HttpsServer.start(await signer.server("127.0.0.1"), demanding);
    const without = await resultOf(server.url, "--cacert", ca, "-c1", "-n3");
    assert.deepEqual([without.requests.failed, server.requests], [3, 0]);
    const { requests } = await resultOf(server.url, "--cacert", ca, "--cert", cert, "--key", key, "-c1", "-n3");
    assert.deepEqual(requests.byStatus, { "200": 3 });
  }));

test("tls: a scenario's files are named from where it lies, and each runtime is told what is in them", () =>
  inFolderWithCa(async (folder) => {
    await using server = await HttpsServer.start(await (await authority()).server("127.0.0.1"));
    writePair(folder, await (await authority()).client("me"));
    mkdirSync(join(folder, "scenarios"));
    const file = join(folder, "scenarios", "secured.json");
    const scenario = {
      request: { url: server.url },
      load: { requests: 3, connections: 1 },
      tls: { cacert: "../ca.pem", cert: "../me.pem", key: "../me.key" },
    };
    writeFileSync(file, JSON.stringify(scenario));
    const { code, stdout, stderr } = await loadgen(["compare", file, "--json"]);
    assert.equal(code, 0, stderr);
    const columns = columnsOf(stdout);
    assert.deepEqual(columns.map(({ label }) => label), ["node", "deno", "bun"]);
    for (const { result } of columns) assert.deepEqual(result?.requests.byStatus, { "200": 3 });
    assert.match(stderr, new RegExp(`trusting ${join(folder, "ca.pem")}, with the certificate`));
    assert.ok(!stdout.includes("BEGIN") && !stderr.includes("BEGIN"));
    assert.deepEqual(columns[0]!.result?.plan["tls"], {
      insecure: false,
      cacert: join(folder, "ca.pem"),
      cert: join(folder, "me.pem"),
      key: join(folder, "me.key"),
    });
  }));

test("tls: -k beside an http URL does no harm", async () => {
  const { requests } = await resultOf("-k", "-c1", "-n3");
  assert.deepEqual(requests.byStatus, { "200": 3 });
});
