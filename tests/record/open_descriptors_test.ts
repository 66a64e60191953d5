import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import process from "node:process";
import test from "node:test";
import { openDescriptors } from "../../lib/record/open_descriptors.ts";
import { ProcessSampler } from "../../lib/record/process_sampler.ts";

test("open descriptors: each that is opened counts, until it is closed", { skip: process.platform !== "linux" }, () => {
  const before = openDescriptors()!;
  const opened = Array.from({ length: 20 }, () => openSync("/dev/null", "r"));
  const between = openDescriptors()!;
  opened.forEach((descriptor) => closeSync(descriptor));
  assert.deepEqual([between - before, openDescriptors()! - before], [20, 0]);
});

test("open descriptors: where counting takes long, a sampler counts no more often than one part in 200 of the time", () => {
  let counted = 0;
  const sampler = new ProcessSampler(() => {
    const begin = performance.now();
    while (performance.now() - begin < 5);
    return counted += 1;
  });
  const [first, second] = [sampler.sample(), sampler.sample()];
  assert.deepEqual([first.descriptors, second.descriptors, counted], [1, 1, 1]);
  sampler.close();
});
