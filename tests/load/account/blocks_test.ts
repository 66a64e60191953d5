import assert from "node:assert/strict";
import test from "node:test";
import { type Block, Blocks, MOST_BLOCKS } from "../../../lib/load/account/blocks.ts";
import { eachClock } from "../../../lib/record/clocks.ts";
import { histogramOf } from "../../support/clocks.ts";
import { secondOf } from "../../support/second_fixture.ts";

/** As a run of whole seconds tells them, each with the responses 100 + its number, 700. */
function blocksOf(seconds: number): Block[] {
  const blocks = new Blocks();
  for (let second = 0; second < seconds; second++) {
    const { line, lengthMs, latency } = secondOf(second, [100 + second, 700]);
    blocks.add(line, lengthMs, latency);
  }
  return blocks.list();
}

const sum = (blocks: readonly Block[], of: (block: Block) => number): number =>
  blocks.reduce((all, block) => all + of(block), 0);

test("blocks: a second each, until there are too many: then neighbours are one", () => {
  assert.deepEqual(blocksOf(3).map(({ second, lengthMs }) => [second, lengthMs]), [[0, 1000], [1, 1000], [2, 1000]]);
  assert.equal(blocksOf(MOST_BLOCKS).length, MOST_BLOCKS);
  const more = blocksOf(MOST_BLOCKS + 2);
  assert.equal(more.length, MOST_BLOCKS / 2 + 1);
  assert.ok(more.every(({ lengthMs }) => lengthMs === 2000));
  assert.deepEqual(more[0]!.response, { counts: [100, 1, 101, 1, 700, 2], max: 700 });
});

test("blocks: however long the run, there are few, they follow each other, and nothing is lost", () => {
  for (const seconds of [1, 31, 33, 100, 1000, 4321]) {
    const blocks = blocksOf(seconds);
    assert.ok(blocks.length <= MOST_BLOCKS && blocks.length >= Math.min(seconds, MOST_BLOCKS / 2), `${blocks.length}`);
    assert.equal(sum(blocks, ({ completed }) => completed), 2 * seconds);
    assert.equal(sum(blocks, ({ lengthMs }) => lengthMs), 1000 * seconds);
    const responses = sum(blocks, ({ response: { counts } }) => counts.reduce((all, n, at) => all + (at % 2) * n, 0));
    assert.equal(responses, 2 * seconds);
    blocks.forEach(({ second, lengthMs }, at) => {
      if (at + 1 < blocks.length) assert.equal(blocks[at + 1]!.second, second + lengthMs / 1000);
    });
  }
});

test("blocks: a rest of a second is a part of the one before, what was censored of the last", () => {
  const blocks = new Blocks();
  const whole = secondOf(0, [100, 200]);
  const rest = secondOf(1, [300]);
  const latency = eachClock((clock) => clock === "censored" ? histogramOf([900]) : rest.latency[clock]);
  blocks.add(whole.line, 1000, whole.latency);
  blocks.add(rest.line, 499, latency);
  const [only, ...others] = blocks.list();
  assert.deepEqual(others, []);
  assert.deepEqual(only!.response, { counts: [100, 1, 200, 1, 300, 1, 900, 1], max: 900 });
  assert.deepEqual([only!.completed, only!.lengthMs], [3, 1499]);
  blocks.add(secondOf(2, [5]).line, 1000, secondOf(2, [5]).latency);
  assert.equal(blocks.list().length, 3, "asked before the end, it joins nothing for good");
});
