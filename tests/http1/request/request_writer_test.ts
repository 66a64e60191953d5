import assert from "node:assert/strict";
import test from "node:test";
import { decodeLatin1 } from "../../../lib/core/bytes.ts";
import { ProtocolError } from "../../../lib/http1/protocol_error.ts";
import { encodeRequestHead, wantsClose } from "../../../lib/http1/request/request_writer.ts";
import { REFUSED_CASES, REQUEST_CASES } from "./request_cases.ts";

for (const one of REQUEST_CASES) {
  test(`request writer: ${one.name}`, () => {
    const text = decodeLatin1(encodeRequestHead(one.head));
    assert.equal(text, [...one.lines, "", ""].join("\r\n"));
  });
}

for (const one of REFUSED_CASES) {
  test(`request writer: refused: ${one.name}`, () => {
    assert.throws(() => encodeRequestHead(one.head), (error) => {
      assert.ok(error instanceof ProtocolError);
      assert.equal(error.code, one.code);
      assert.equal(error.side, "local");
      return true;
    });
  });
}

test("request writer: a refused value is not in the message, its name is", () => {
  const head = { ...REQUEST_CASES[0]!.head, headers: [["Authorization", "secret\n"] as const] };
  assert.throws(() => encodeRequestHead(head), (error) => {
    assert.ok(error instanceof ProtocolError);
    assert.match(error.message, /Authorization/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

test("request writer: close is a token of a Connection list, not a part of another", () => {
  assert.equal(wantsClose([["connection", "keep-alive,\tCLOSE"]]), true);
  assert.equal(wantsClose([["Connection", "closed"], ["X", "close"]]), false);
  assert.equal(wantsClose([]), false);
});
