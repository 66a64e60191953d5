import assert from "node:assert/strict";
import test from "node:test";
import { SocketError } from "../../lib/socket/socket_error.ts";

const failure = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

const cases: { name: string; cause: unknown; code: string; message: string }[] = [
  { name: "a coded error", cause: failure("ECONNRESET"), code: "ECONNRESET", message: "connect ECONNRESET" },
  { name: "an error without a code", cause: new Error("odd"), code: "EUNKNOWN", message: "odd" },
  {
    name: "a number as code, as DOMException has it",
    cause: Object.assign(new Error("aborted"), { code: 20 }),
    code: "EUNKNOWN",
    message: "aborted",
  },
  { name: "a thrown string", cause: "odd", code: "EUNKNOWN", message: "odd" },
  { name: "nothing", cause: undefined, code: "EUNKNOWN", message: "undefined" },
  {
    name: "several addresses: the server's answer before a missing route",
    cause: new AggregateError([failure("EADDRNOTAVAIL"), failure("ECONNREFUSED")]),
    code: "ECONNREFUSED",
    message: "connect ECONNREFUSED",
  },
  {
    name: "several addresses, none reachable: the first",
    cause: new AggregateError([failure("ENETUNREACH"), failure("EHOSTUNREACH")]),
    code: "ENETUNREACH",
    message: "connect ENETUNREACH",
  },
  {
    name: "several failures without a code",
    cause: new AggregateError([new Error("odd")], "all failed"),
    code: "EUNKNOWN",
    message: "all failed",
  },
];

for (const { name, cause, code, message } of cases) {
  test(`socket error: ${name}`, () => {
    const error = SocketError.from(cause);
    assert.deepEqual([error.code, error.message, error.cause], [code, message, cause]);
  });
}

test("socket error: a SocketError stays itself", () => {
  const error = new SocketError("EPIPE", "write EPIPE");
  assert.equal(SocketError.from(error), error);
});
