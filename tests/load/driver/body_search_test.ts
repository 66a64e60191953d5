import assert from "node:assert/strict";
import test from "node:test";
import { BodySearch } from "../../../lib/load/driver/body_search.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("body search: a text is found however the body is cut, and only where it is", () => {
  const bodies = [
    "needle",
    "xxneedle",
    "needlexx",
    "nneedle",
    "neneedlele",
    "aXXXbneedl",
    "needl",
    "",
    "NEEDLE",
    "nneenneedle",
  ];
  const search = new BodySearch();
  for (const body of bodies) {
    for (let step = 1; step <= Math.max(1, body.length); step++) {
      search.begin(bytes("needle"));
      for (let at = 0; at < body.length; at += step) search.add(bytes(body.slice(at, at + step)));
      assert.equal(search.found, body.includes("needle"), `${body} in steps of ${step}`);
    }
  }
});

test("body search: one byte, bytes of UTF-8, and a search after another", () => {
  const search = new BodySearch();
  search.begin(bytes("é"));
  for (const byte of bytes("caf\u00e9")) search.add(Uint8Array.of(byte));
  assert.ok(search.found);
  search.begin(bytes("x"));
  search.add(bytes("abc"));
  assert.ok(!search.found);
  search.add(bytes("xyz"));
  assert.ok(search.found);
});
