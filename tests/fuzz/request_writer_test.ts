// Whatever the caller's text, what is written is one head with exactly the lines that were asked for, or nothing.

import fc from "fast-check";
import assert from "node:assert/strict";
import test from "node:test";
import { decodeLatin1 } from "../../lib/core/bytes.ts";
import { ProtocolError } from "../../lib/http1/protocol_error.ts";
import { encodeRequestHead } from "../../lib/http1/request/request_writer.ts";
import { runs } from "./runs.ts";

/** Mostly good, sometimes with one of the bytes that split messages. */
function risky(chars: string, minLength: number): fc.Arbitrary<string> {
  const good = fc.constantFrom(...chars);
  const bad = fc.constantFrom("\r", "\n", "\0", "\x7f", " ", "\t", ":", "\xe9", "\u010a", "\u010d", "\u{1f600}");
  return fc.string({
    unit: fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: bad }),
    minLength,
    maxLength: 12,
  });
}

test("fuzz: no text of the caller's makes another line on the wire", () => {
  const token = "abcXYZ019-_!~";
  let written = 0;
  fc.assert(
    fc.property(
      risky(token, 1),
      risky("/abc?=&%2e", 1),
      risky("abc.-:[]019", 0),
      fc.array(fc.tuple(risky(token, 1).map((name) => `X-${name}`), risky(`${token} ,;="`, 0)), { maxLength: 5 }),
      (method, target, host, headers) => {
        const head = { method, target, host, headers, framing: { kind: "none" }, close: false } as const;
        let text: string;
        try {
          text = decodeLatin1(encodeRequestHead(head));
        } catch (error) {
          assert.ok(error instanceof ProtocolError && error.side === "local");
          return;
        }
        written += 1;
        const lines = text.split(/[\r\n\0]+/);
        assert.deepEqual(lines, [
          `${method} ${target} HTTP/1.1`,
          `Host: ${host}`,
          "User-Agent: loadgen/0.1",
          ...headers.map(([name, value]) => `${name}: ${value}`),
          "",
        ]);
        assert.equal(text.split(" ", 3)[2]?.startsWith("HTTP/1.1\r\n"), true);
        assert.ok(text.endsWith("\r\n\r\n"));
      },
    ),
    runs(3000),
  );
  assert.ok(written > 0, "every head was refused");
});
