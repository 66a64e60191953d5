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
  {
    name: "a TLS failure in Node's words, without the source file",
    cause: new Error(
      "write EPROTO 80DB7B4C2A7F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:" +
        "../deps/openssl/openssl/ssl/record/ssl3_record.c:355:\n",
    ),
    code: "EUNKNOWN",
    message: "write EPROTO wrong version number",
  },
  {
    name: "a TLS alert, with its number",
    cause: new Error(
      "C0A7E2F1347F0000:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:" +
        "../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1605:SSL alert number 40\n",
    ),
    code: "EUNKNOWN",
    message: "sslv3 alert handshake failure (SSL alert number 40)",
  },
  {
    name: "a TLS failure in BoringSSL's words",
    cause: new Error("error:1000042e:SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION"),
    code: "EUNKNOWN",
    message: "TLSV1_ALERT_PROTOCOL_VERSION",
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
