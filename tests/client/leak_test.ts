import assert from "node:assert/strict";
import test from "node:test";
import { Client } from "../../lib/client/client.ts";
import { collectGarbage } from "../../lib/record/collect_garbage.ts";
import type { LeakReport } from "../../lib/transport/body/leak_watch.ts";
import { lineHere, lineOf } from "../support/caller_line.ts";
import { ScriptedServer, until } from "../support/scripted_server.ts";

const HALF = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nso far";

/** Each drops a response, and gives the line that asked for it. */
const WAYS: Record<string, (client: Client, url: string) => Promise<number>> = {
  async do(client, url) {
    const line = lineHere() + 1;
    await client.do({ url });
    return line;
  },
  async get(client, url) {
    const line = lineHere() + 1;
    await client.get(url);
    return line;
  },
  async "client's fetch"(client, url) {
    const line = lineHere() + 1;
    await client.fetch(url);
    return line;
  },
  async "transport's fetch"(client, url) {
    const line = lineHere() + 1;
    await client.transport.fetch(url, { signal: new AbortController().signal });
    return line;
  },
  async "fetch by itself, with a Request"(client, url) {
    const { fetch } = client;
    const line = lineHere() + 1;
    await fetch(new Request(url));
    return line;
  },
};

for (const [way, leak] of Object.entries(WAYS)) {
  test(`leak: a dropped response is reported with the line that asked for it (${way})`, async () => {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(HALF));
    const reports: LeakReport[] = [];
    await using client = new Client({ transport: { onLeak: (report) => reports.push(report) }, timeoutMs: 600_000 });
    const line = await leak(client, server.url);
    await until(() => {
      collectGarbage();
      return reports.length > 0;
    }, "the leak is reported");
    assert.equal(lineOf(reports[0]!.stack.split("\n")[0]), line, reports[0]!.stack);
    assert.equal(client.transport.census().inUse, 1);
  });
}

test("leak: a response that somebody holds is none", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(HALF));
  const reports: LeakReport[] = [];
  await using client = new Client({ transport: { onLeak: (report) => reports.push(report) } });
  const held = [await client.get(server.url), await client.fetch(server.url)];
  await client.get(server.url);
  await until(() => {
    collectGarbage();
    return reports.length > 0;
  }, "the one that is dropped is reported");
  assert.equal(reports.length, 1);
  assert.deepEqual(held.map((response) => response.status), [200, 200]);
});
