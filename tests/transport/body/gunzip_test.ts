import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { concatBytes } from "../../../lib/core/bytes.ts";
import { GunzipSource } from "../../../lib/transport/body/gunzip_body.ts";
import { TransportError } from "../../../lib/transport/transport_error.ts";

const TEXT = "a line of text that repeats\n".repeat(40);
const GZIP = new Uint8Array(gzipSync(TEXT));

/** Compressed chunks, one per read; `error` instead of the end where it is given. */
class Chunks {
  reads = 0;
  closes = 0;
  ended = false;
  readonly #chunks: Uint8Array[];
  readonly #error: Error | undefined;

  constructor(chunks: readonly Uint8Array[], error?: Error) {
    this.#chunks = [...chunks];
    this.#error = error;
  }

  read(): Promise<Uint8Array | null> {
    this.reads++;
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) return Promise.resolve(chunk);
    if (this.#error !== undefined) return Promise.reject(this.#error);
    this.ended = true;
    return Promise.resolve(null);
  }

  close(): void {
    this.closes++;
  }
}

async function readAll(source: GunzipSource): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await source.read(); chunk !== null; chunk = await source.read()) chunks.push(chunk);
  return concatBytes(chunks);
}

async function textOf(chunks: readonly Uint8Array[]): Promise<string> {
  return new TextDecoder().decode(await readAll(new GunzipSource(new Chunks(chunks))));
}

function changed(at: number, bits: number): Uint8Array {
  const copy = Uint8Array.from(GZIP);
  copy[(at + copy.length) % copy.length]! ^= bits;
  return copy;
}

function splitBytes(bytes: Uint8Array): Uint8Array[] {
  return [...bytes].map((byte) => Uint8Array.of(byte));
}

test("gunzip: a stream cut in two at any byte, or at every byte, gives the text", async () => {
  for (let at = 0; at <= GZIP.length; at++) {
    assert.equal(await textOf([GZIP.subarray(0, at), GZIP.subarray(at)]), TEXT, `cut at ${at}`);
  }
  assert.equal(await textOf(splitBytes(GZIP)), TEXT);
});

test("gunzip: members one behind the other are one text, wherever they are cut", async () => {
  const two = concatBytes([GZIP, GZIP]);
  assert.equal(await textOf([two]), TEXT + TEXT);
  assert.equal(await textOf(splitBytes(two)), TEXT + TEXT);
  for (let at = GZIP.length - 10; at <= GZIP.length + 12; at++) {
    assert.equal(await textOf([two.subarray(0, at), two.subarray(at)]), TEXT + TEXT, `cut at ${at}`);
  }
});

test("gunzip: the optional fields of a header are passed over", async () => {
  const extraNameComment = Uint8Array.of(4 | 8 | 16);
  const fields = concatBytes([Uint8Array.of(2, 0, 1, 2), new TextEncoder().encode("a name\0a comment\0")]);
  const bytes = concatBytes([GZIP.subarray(0, 3), extraNameComment, GZIP.subarray(4, 10), fields, GZIP.subarray(10)]);
  assert.equal(await textOf([bytes]), TEXT);
});

test("gunzip: no byte at all is an empty body", async () => {
  assert.equal(await textOf([]), "");
});

test("gunzip: a stream that stops at any byte ends with unexpected EOF", async () => {
  for (let length = 1; length < GZIP.length; length++) {
    const source = new Chunks([GZIP.subarray(0, length)]);
    await assert.rejects(
      readAll(new GunzipSource(source)),
      { name: "TransportError", code: "unexpectedEof", phase: "body", side: "remote", message: "unexpected EOF" },
      `${length} bytes`,
    );
    assert.equal(source.closes, 1);
  }
  for (const more of [1, 2, 9, 12, GZIP.length - 1]) {
    const chunks = [concatBytes([GZIP, GZIP.subarray(0, more)])];
    await assert.rejects(textOf(chunks), { code: "unexpectedEof" }, `${more} bytes of a second member`);
  }
});

test("gunzip: what is decoded before a truncated end is readable", async () => {
  const gunzip = new GunzipSource(new Chunks([GZIP.subarray(0, GZIP.length - 8)]));
  assert.equal(new TextDecoder().decode((await gunzip.read())!), TEXT);
  await assert.rejects(gunzip.read(), { code: "unexpectedEof" });
  await assert.rejects(gunzip.read(), { code: "unexpectedEof" });
});

test("gunzip: bytes that are no gzip have an invalid header", async () => {
  const garbage = new TextEncoder().encode("this is a text and no gzip");
  const cases: readonly [string, Uint8Array[]][] = [
    ["a text", [garbage]],
    ["a text, byte by byte", splitBytes(garbage)],
    ["an unknown method", [changed(2, 1)]],
    ["reserved flags", [changed(3, 0x80)]],
    ["a text behind a member", [concatBytes([GZIP, garbage])]],
    ["a text behind a member, in another chunk", [GZIP, garbage]],
    ["zeros behind a member", [concatBytes([GZIP, new Uint8Array(20)])]],
    ["zeros behind a member, in another chunk", [GZIP, new Uint8Array(20)]],
  ];
  for (const [name, chunks] of cases) {
    const source = new Chunks(chunks);
    await assert.rejects(
      readAll(new GunzipSource(source)),
      { code: "badGzip", phase: "body", side: "remote", message: "gzip: invalid header" },
      name,
    );
    assert.equal(source.closes, 1, name);
  }
});

test("gunzip: a wrong checksum or length is told", async () => {
  for (const at of [-8, -5, -4, -1]) {
    const expected = { code: "badGzip", phase: "body", message: "gzip: invalid checksum" };
    await assert.rejects(textOf([changed(at, 1)]), expected, `byte ${at}`);
    await assert.rejects(textOf(splitBytes(changed(at, 1))), expected, `byte ${at}, byte by byte`);
  }
});

test("gunzip: a corrupt block is told", async () => {
  const reservedBlockType = Uint8Array.from(GZIP);
  reservedBlockType[10] = 0xff;
  await assert.rejects(textOf([reservedBlockType]), { code: "badGzip", message: "flate: corrupt input" });
});

test("gunzip: the source's own error passes through", async () => {
  const error = new TransportError("connection reset", { code: "ECONNRESET", side: "remote", phase: "body" });
  const gunzip = new GunzipSource(new Chunks([GZIP.subarray(0, 20)], error));
  await assert.rejects(readAll(gunzip), (thrown) => thrown === error);
});

test("gunzip: nothing is taken from the source before the first read", async () => {
  const source = new Chunks([GZIP]);
  const gunzip = new GunzipSource(source);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(source.reads, 0);
  await gunzip.read();
  assert.equal(source.reads, 1);
});

test("gunzip: the source has ended before the reader hears of the end", async () => {
  const source = new Chunks([GZIP]);
  const gunzip = new GunzipSource(source);
  await gunzip.read();
  assert.equal(source.ended, false);
  assert.equal(await gunzip.read(), null);
  assert.equal(source.ended, true);
  assert.equal(await gunzip.read(), null);
  assert.equal(source.closes, 0);
});

test("gunzip: a chunk is a plain view, not a Buffer", async () => {
  const chunk = await new GunzipSource(new Chunks([GZIP])).read();
  assert.equal(Object.getPrototypeOf(chunk), Uint8Array.prototype);
});

test("gunzip: close gives the source up, and a pending read with it", async () => {
  let closes = 0;
  const gunzip = new GunzipSource({
    read: () => new Promise<Uint8Array | null>((resolve) => setTimeout(resolve, 10, null)),
    close: () => closes++,
  });
  const pending = gunzip.read();
  gunzip.close();
  gunzip.close();
  assert.equal(closes, 1);
  await assert.rejects(pending, { code: "readOnClosedBody" });
});

test("gunzip: close before the first read gives the source up unread", () => {
  const source = new Chunks([GZIP]);
  new GunzipSource(source).close();
  assert.deepEqual([source.reads, source.closes], [0, 1]);
});

test("gunzip: 64 MiB out of 64 KiB come in small chunks, and only as they are read", async () => {
  const size = 64 * 1024 * 1024;
  const bomb = new Uint8Array(gzipSync(new Uint8Array(size)));
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bomb.length; at += 1024) pieces.push(bomb.subarray(at, at + 1024));
  const source = new Chunks(pieces);
  const gunzip = new GunzipSource(source);
  let total = 0;
  for (let chunk = await gunzip.read(); chunk !== null; chunk = await gunzip.read()) {
    total += chunk.length;
    assert.ok(chunk.length <= 64 * 1024, `a chunk of ${chunk.length} bytes`);
    // Each KiB of it is about 1 MiB: the decoder is never more than one piece ahead.
    assert.ok(source.reads <= total / (900 * 1024) + 2, `${source.reads} pieces taken for ${total} bytes`);
    if (source.reads % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(total, size);
});

test("gunzip: 512 MiB in one chunk wait for their reader", async () => {
  const member = new Uint8Array(gzipSync(new Uint8Array(1024 * 1024)));
  const bomb = concatBytes(new Array<Uint8Array>(512).fill(member));
  const gunzip = new GunzipSource(new Chunks([bomb]));
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 50; i++) {
    assert.ok((await gunzip.read())!.length <= 64 * 1024);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const held = process.memoryUsage().rss - before;
  assert.ok(held < 128 * 1024 * 1024, `${held} bytes more in memory`);
  gunzip.close();
});

test("gunzip: a body that failed can be closed, and then says that it is closed", async () => {
  const chunks = new Chunks([new TextEncoder().encode("this is no gzip at all")]);
  const source = new GunzipSource(chunks);
  await assert.rejects(source.read(), { code: "badGzip" });
  source.close();
  await assert.rejects(source.read(), { code: "readOnClosedBody" });
  assert.equal(chunks.closes, 1);
});
