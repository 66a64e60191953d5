import assert from "node:assert/strict";
import test from "node:test";
import { Fifo } from "../../lib/core/fifo.ts";

test("fifo: items come out in the order they went in", () => {
  const fifo = new Fifo<number>();
  for (let i = 0; i < 100; i++) fifo.push(i);
  for (let i = 0; i < 100; i++) assert.equal(fifo.shift(), i);
});

test("fifo: empty, it gives undefined, and goes on working", () => {
  const fifo = new Fifo<string>();
  assert.equal(fifo.shift(), undefined);
  assert.equal(fifo.peek(), undefined);
  fifo.push("a");
  assert.equal(fifo.shift(), "a");
  assert.equal(fifo.shift(), undefined);
  assert.equal(fifo.size, 0);
});

test("fifo: peek leaves the item where it is", () => {
  const fifo = new Fifo<string>();
  fifo.push("a");
  fifo.push("b");
  assert.equal(fifo.peek(), "a");
  assert.equal(fifo.size, 2);
  assert.equal(fifo.shift(), "a");
});

test("fifo: growing at every position of the ring keeps order", () => {
  for (let offset = 0; offset < 20; offset++) {
    const fifo = new Fifo<number>();
    for (let i = 0; i < offset; i++) {
      fifo.push(-1);
      fifo.shift();
    }
    for (let i = 0; i < 50; i++) fifo.push(i);
    assert.equal(fifo.size, 50);
    for (let i = 0; i < 50; i++) assert.equal(fifo.shift(), i);
  }
});

test("fifo: pushes and shifts in turns agree with an array", () => {
  const fifo = new Fifo<number>();
  const model: number[] = [];
  let seed = 1;
  for (let i = 0; i < 20_000; i++) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    // Two runs of pushes for each of shifts, then the other way round, so that it grows and empties.
    const pushes = (seed >> 16) % 3 < (i % 2000 < 1000 ? 2 : 1);
    if (pushes) {
      fifo.push(i);
      model.push(i);
    } else {
      assert.equal(fifo.shift(), model.shift());
    }
    assert.equal(fifo.size, model.length);
    assert.equal(fifo.peek(), model[0]);
  }
});
