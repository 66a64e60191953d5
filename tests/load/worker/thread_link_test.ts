import assert from "node:assert/strict";
import test from "node:test";
import type { FromHost } from "../../../lib/load/link/message.ts";
import { SharedCounts } from "../../../lib/load/shard/shared_counts.ts";
import { ThreadLink } from "../../../lib/load/worker/thread_link.ts";
import { resolve } from "../../../lib/scenario/resolve.ts";
import { until } from "../../support/scripted_server.ts";

function linked() {
  const heard: FromHost[] = [];
  const deaths: string[] = [];
  const link = new ThreadLink({ hear: (message) => heard.push(message), died: (why) => deaths.push(why) });
  return { link, heard, deaths };
}

test("thread link: messages pass both ways, in order, and a thread that is told to go is no death", async () => {
  const { link, heard, deaths } = linked();
  await until(() => heard.length > 0, "it is loaded");
  const plan = resolve({ request: { url: "http://127.0.0.1/", body: "{{none}}" }, load: { requests: 1 } });
  const shared = { counts: new SharedCounts(1).buffer, descriptors: undefined };
  link.tell({ kind: "open", task: { plan, share: { index: 0, of: 1 }, inputs: {}, steered: false, shared } });
  await until(() => heard.length > 1, "it answers");
  assert.deepEqual(heard.map(({ kind }) => kind), ["loaded", "problem"]);
  assert.equal((heard[1] as FromHost & { kind: "problem" }).problem.usage?.field, "request.body");
  await link.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(deaths, []);
});

test("thread link: a thread that dies says why, once", async () => {
  const { link, heard, deaths } = linked();
  await until(() => heard.length > 0, "it is loaded");
  link.tell({ kind: "start" }); // before there is a shard
  await until(() => deaths.length > 0, "it dies");
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(deaths.length, 1);
  assert.match(deaths[0]!, /undefined/);
  assert.deepEqual(heard.map(({ kind }) => kind), ["loaded"]);
});
