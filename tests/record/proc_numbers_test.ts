import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { ProcNumbers } from "../../lib/record/proc_numbers.ts";
import { ProcessSampler } from "../../lib/record/process_sampler.ts";
import { ThreadClock } from "../../lib/record/thread_clock.ts";
import { inFolder } from "../support/cli.ts";

test("proc numbers: each is read by its place, and anew each time", () =>
  inFolder((folder) => {
    const path = join(folder, "numbers");
    writeFileSync(path, "12345 678901234567 0\n");
    const numbers = new ProcNumbers(path);
    assert.ok(numbers.read());
    assert.deepEqual([numbers.at(0), numbers.at(1), numbers.at(2)], [12_345, 678_901_234_567, 0]);
    writeFileSync(path, "7 8\n");
    numbers.read();
    assert.deepEqual([numbers.at(0), numbers.at(1)], [7, 8], "nothing of the longer text is left");
    numbers.close();
    assert.equal(numbers.read(), false);
    return Promise.resolve();
  }));

test("proc numbers: a file that does not exist tells nothing", () => {
  assert.equal(new ProcNumbers("/nowhere/numbers").read(), false);
});

test("process sampler: its memory is the process's, and its thread has run no longer than the process", () => {
  const [sampler, thread] = [new ProcessSampler(), new ThreadClock()];
  const { rssBytes, heapBytes, cpuUs, runnableUs } = sampler.sample();
  assert.ok(rssBytes > 10_000_000 && rssBytes > heapBytes && heapBytes > 0, `${rssBytes}, ${heapBytes} bytes`);
  const times = thread.read();
  if (times !== undefined) {
    assert.ok(times.cpuUs > 0 && times.cpuUs <= times.runnableUs);
    assert.ok(times.runnableUs >= runnableUs, "it was read later");
  } else assert.equal(runnableUs, cpuUs);
  sampler.close();
  thread.close();
  assert.ok(sampler.sample().rssBytes > 0, "closed, it asks the runtime");
});
