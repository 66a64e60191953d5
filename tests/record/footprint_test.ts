import assert from "node:assert/strict";
import test from "node:test";
import { type Footprint, footprintOf, MEASURES } from "../../lib/record/footprint.ts";
import { ProcessSampler } from "../../lib/record/process_sampler.ts";
import { collectGarbage } from "../../lib/record/collect_garbage.ts";

const MIB = 1024 * 1024;

function sampled(): Footprint {
  const sampler = new ProcessSampler();
  const footprint = footprintOf(sampler.sample());
  sampler.close();
  return footprint;
}

test("footprint: its parts add up to what is resident", () => {
  const { rssBytes, heapBytes, externalBytes, otherBytes } = sampled();
  assert.equal(heapBytes + externalBytes + otherBytes, rssBytes);
  assert.ok(otherBytes > 0, "the runtime itself is in it");
});

test("footprint: it holds its measures and nothing else, and leaves out what nothing tells", () => {
  const told = { rssBytes: 9, heapBytes: 2, externalBytes: 3, cpuUs: 5, runnableUs: 6 };
  assert.deepEqual(footprintOf(told), { rssBytes: 9, heapBytes: 2, externalBytes: 3, otherBytes: 4 });
  const all = footprintOf({ ...told, arrayBuffersBytes: 1, descriptors: 7 });
  assert.deepEqual(Object.keys(all), [...MEASURES]);
});

test("footprint: what a buffer takes is external, and in no other part", () => {
  collectGarbage();
  const before = sampled();
  const buffers = Array.from({ length: 32 }, () => new Uint8Array(MIB).fill(1));
  collectGarbage(); // JavaScriptCore tells what there was at its last collection
  const { heapBytes, externalBytes, arrayBuffersBytes } = sampled();
  const grown = { heap: heapBytes - before.heapBytes, external: externalBytes - before.externalBytes };
  assert.equal(buffers.length, 32);
  assert.ok(grown.external >= 31 * MIB && grown.external < 40 * MIB, `external: ${grown.external} bytes more`);
  assert.ok(Math.abs(grown.heap) < 8 * MIB, `heap: ${grown.heap} bytes more`);
  if (before.arrayBuffersBytes !== undefined) assert.ok(arrayBuffersBytes! - before.arrayBuffersBytes >= 31 * MIB);
});
