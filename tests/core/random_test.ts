import assert from "node:assert/strict";
import test from "node:test";
import { Random } from "../../lib/core/random.ts";

const drawn = (seed: number, stream: number) => {
  const random = new Random(seed, stream);
  return Array.from({ length: 50 }, () => random.next());
};

test("random: the same seed and stream give the same numbers, another of either gives others", () => {
  assert.deepEqual(drawn(1, 0), drawn(1, 0));
  for (const other of [drawn(2, 0), drawn(1, 1), drawn(2 ** 32 + 1, 0)]) assert.notDeepEqual(drawn(1, 0), other);
});

test("random: whole numbers fill their range, its ends included, about evenly", () => {
  const random = new Random(7);
  const counts = new Map<number, number>();
  for (let i = 0; i < 6000; i++) {
    const face = random.int(1, 6);
    counts.set(face, (counts.get(face) ?? 0) + 1);
  }
  assert.deepEqual([...counts.keys()].sort(), [1, 2, 3, 4, 5, 6]);
  for (const count of counts.values()) assert.ok(count > 850 && count < 1150, String(count));
});
