import assert from "node:assert/strict";
import test from "node:test";
import { ReadBuffers } from "../../lib/socket/read_buffers.ts";

test("read buffers: no buffer is lent twice at a time", () => {
  const buffers = new ReadBuffers(16, 4);
  const lent = Array.from({ length: 10 }, () => buffers.lend());
  assert.equal(new Set(lent).size, 10);
  assert.ok(lent.every((buffer) => buffer.length === 16));
});

test("read buffers: what came back is lent again, up to the number kept", () => {
  const buffers = new ReadBuffers(16, 2);
  const lent = Array.from({ length: 3 }, () => buffers.lend());
  for (const buffer of lent) buffers.takeBack(buffer);
  const again = Array.from({ length: 3 }, () => buffers.lend());
  assert.equal(again.filter((buffer) => lent.includes(buffer)).length, 2);
});
