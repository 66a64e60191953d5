import assert from "node:assert/strict";
import test from "node:test";
import { encodeLatin1, NO_BYTES } from "../../lib/core/bytes.ts";
import { ReceiveBuffer } from "../../lib/http1/receive_buffer.ts";

function unread(buffer: ReceiveBuffer): Uint8Array {
  return buffer.bytes.subarray(buffer.pos, buffer.end);
}

test("receive buffer: a view that is read to its end is neither copied nor held", () => {
  const buffer = new ReceiveBuffer();
  const view = encodeLatin1("hello");
  buffer.lend(view);
  assert.equal(buffer.bytes, view);
  buffer.pos = buffer.end;
  buffer.retain();
  assert.equal(buffer.bytes, NO_BYTES);
});

test("receive buffer: what is unread survives its view, and the next view is joined behind it", () => {
  const buffer = new ReceiveBuffer();
  const view = encodeLatin1("hello");
  buffer.lend(view);
  buffer.pos = 2;
  buffer.retain();
  view.fill(0);
  buffer.lend(encodeLatin1(" world"));
  assert.deepEqual(unread(buffer), encodeLatin1("llo world"));
});

test("receive buffer: a view lent behind an unread one copies both", () => {
  const buffer = new ReceiveBuffer();
  const [one, two] = [encodeLatin1("one"), encodeLatin1("two")];
  buffer.lend(one);
  buffer.lend(two);
  one.fill(0);
  two.fill(0);
  assert.deepEqual(unread(buffer), encodeLatin1("onetwo"));
});

test("receive buffer: nothing is ever written into a lent view", () => {
  const buffer = new ReceiveBuffer();
  const view = encodeLatin1("0123456789");
  buffer.lend(view);
  buffer.pos = 8;
  buffer.lend(encodeLatin1("ab"));
  assert.deepEqual(view, encodeLatin1("0123456789"));
  assert.deepEqual(unread(buffer), encodeLatin1("89ab"));
});

test("receive buffer: reading and joining in turns keeps order and stays within twice the unread bytes", () => {
  const buffer = new ReceiveBuffer();
  const view = new Uint8Array(2000);
  let written = 0;
  let expected = 0;
  for (let round = 0; round < 1000; round++) {
    for (let i = 0; i < view.length; i++) view[i] = written++ & 0xff;
    buffer.lend(view);
    // One byte is always left, so that everything is joined.
    while (buffer.unread > 1) assert.equal(buffer.bytes[buffer.pos++], expected++ & 0xff);
    buffer.retain();
    assert.ok(buffer.bytes.length <= 4 * view.length, `${buffer.bytes.length} bytes held`);
  }
});

test("receive buffer: the leftovers of many lie side by side, and what comes behind one harms no other", () => {
  const text = (i: number) => `${i} `.repeat(i % 90);
  const buffers = Array.from({ length: 500 }, (_, i) => {
    const buffer = new ReceiveBuffer();
    const view = encodeLatin1(`-${text(i)}`);
    buffer.lend(view);
    buffer.pos = 1;
    buffer.retain();
    view.fill(0);
    return buffer;
  });
  const shared = new Set(buffers.filter(({ unread }) => unread > 0 && unread <= 256).map(({ bytes }) => bytes));
  assert.ok(shared.size < 20, `${shared.size} arrays`);
  for (const [i, buffer] of buffers.entries()) {
    if (i % 3 > 0) buffer.lend(encodeLatin1(`and more of ${i}`));
    if (i % 3 > 1) buffer.lend(encodeLatin1("!".repeat(1000)));
    buffer.retain();
  }
  for (const [i, buffer] of buffers.entries()) {
    const behind = i % 3 > 0 ? `and more of ${i}${i % 3 > 1 ? "!".repeat(1000) : ""}` : "";
    assert.deepEqual(unread(buffer), encodeLatin1(text(i) + behind));
  }
});

test("receive buffer: a leftover keeps a few KiB alive at most", () => {
  const buffer = new ReceiveBuffer();
  buffer.lend(new Uint8Array(100_000));
  buffer.pos = 99_990;
  buffer.retain();
  assert.ok(buffer.bytes.buffer.byteLength <= 4096);
});

test("receive buffer: a view of Node's Buffer is copied like any other", () => {
  const pooled = new Uint8Array(new ArrayBuffer(16), 8, 4);
  // Buffer overrides slice with a view: the copy must not be one.
  class ViewingSlice extends Uint8Array {
    override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
      return this.subarray(start, end) as Uint8Array<ArrayBuffer>;
    }
  }
  const view = new ViewingSlice(pooled.buffer, 8, 4);
  view.set([1, 2, 3, 4]);
  const buffer = new ReceiveBuffer();
  buffer.lend(view);
  buffer.retain();
  pooled.fill(0);
  assert.deepEqual([...unread(buffer)], [1, 2, 3, 4]);
});

test("receive buffer: taking leaves nothing", () => {
  const buffer = new ReceiveBuffer();
  const view = encodeLatin1("hello");
  buffer.lend(view);
  buffer.pos = 1;
  const taken = buffer.take();
  view.fill(0);
  assert.deepEqual(taken, encodeLatin1("ello"));
  assert.equal(buffer.unread, 0);
});
