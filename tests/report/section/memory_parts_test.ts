import assert from "node:assert/strict";
import test from "node:test";
import { memorySection } from "../../../lib/report/section/memory_parts.ts";
import { cleanResult } from "../../support/result_fixture.ts";
import { blockOf, factOf } from "../blocks.ts";

const MIB = 1024 * 1024;

test("memory parts: each is told at the end, at the start and at its peak", () => {
  const section = memorySection(cleanResult());
  assert.deepEqual(blockOf(section, "facts").facts.map(({ name, figure }) => [name, figure]), [
    ["RSS", "58.4 MiB"],
    ["heap", "9.0 MiB"],
    ["external", "2.0 MiB"],
    ["the rest", "47.4 MiB"],
    ["descriptors", "41"],
  ]);
  assert.deepEqual(factOf(section, "RSS").details, ["at the end", "57.0 MiB at the start", "58.6 MiB at the peak"]);
  assert.deepEqual(factOf(section, "external").details?.at(-1), "1.0 MiB of it array buffers");
});

test("memory parts: what nothing told is left out, and with workers the heap says whose it is", () => {
  const result = cleanResult();
  const { rssBytes, heapBytes, externalBytes, rssBytesPerHeld } = result.memory;
  const section = memorySection({
    ...result,
    memory: { rssBytes, heapBytes, externalBytes, rssBytesPerHeld },
    workers: [],
  });
  assert.deepEqual(blockOf(section, "facts").facts.map(({ name }) => name), ["RSS", "heap", "external"]);
  assert.equal(factOf(section, "heap").details?.at(-1), "the main thread's alone");
});

test("memory parts: a rest below nothing reads as what it is", () => {
  const result = cleanResult();
  const below = { start: 0, peak: 0, end: -3 * MIB };
  const section = memorySection({ ...result, memory: { ...result.memory, otherBytes: below } });
  assert.equal(factOf(section, "the rest").figure, "-3.0 MiB");
});
