import assert from "node:assert/strict";
import { constants } from "node:os";
import test from "node:test";
import { failureOf } from "../../../lib/load/client/fetch_failure.ts";

/** As Node and Deno say it: the reason is a cause. */
function causedBy(message: string, code?: string): unknown {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}

/** As Bun says it. */
function coded(message: string, code: string): unknown {
  return Object.assign(new TypeError(message), { code });
}

const { ECONNREFUSED, ECONNRESET } = constants.errno;

const BEFORE_THE_HEAD: readonly (readonly [runtime: string, error: unknown, key: string])[] = [
  ["Node", causedBy("connect ECONNREFUSED 127.0.0.1:9", "ECONNREFUSED"), "dial/ECONNREFUSED"],
  ["Node", causedBy("getaddrinfo ENOTFOUND nope.invalid", "ENOTFOUND"), "dial/ENOTFOUND"],
  ["Node", causedBy("other side closed", "UND_ERR_SOCKET"), "head/closed"],
  ["Node", causedBy("read ECONNRESET", "ECONNRESET"), "head/ECONNRESET"],
  [
    "Node",
    causedBy("Response does not match the HTTP/1.1 protocol", "HPE_INVALID_CONSTANT"),
    "head/HPE_INVALID_CONSTANT",
  ],
  ["Node", causedBy("self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT"), "tls/DEPTH_ZERO_SELF_SIGNED_CERT"],
  ["Node", causedBy("unable to verify", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "tls/UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ["Node", causedBy("bad port"), "head/badPort"],
  [
    "Deno",
    causedBy(
      "error sending request for url (http://h:9/): client error (Connect): tcp connect error: Connection refused " +
        `(os error ${ECONNREFUSED})`,
    ),
    "dial/ECONNREFUSED",
  ],
  [
    "Deno",
    causedBy("error sending request for url (http://h/): client error (Connect): dns error: failed to lookup address"),
    "dial/ENOTFOUND",
  ],
  ["Deno", causedBy(`Connection reset by peer (os error ${ECONNRESET})`), "head/ECONNRESET"],
  ["Deno", causedBy("client error (SendRequest): connection closed before message completed"), "head/closed"],
  ["Deno", causedBy("client error (Connect): invalid peer certificate: UnknownIssuer"), "tls/UnknownIssuer"],
  [
    "Deno",
    causedBy("client error (Connect): invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))"),
    "tls/CaUsedAsEndEntity",
  ],
  ["Deno", causedBy("client error (SendRequest): invalid HTTP version parsed"), "head/failed"],
  ["Bun", coded("ECONNREFUSED: Unable to connect.", "ECONNREFUSED"), "dial/ECONNREFUSED"],
  ["Bun", coded("self signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT"), "tls/DEPTH_ZERO_SELF_SIGNED_CERT"],
  ["Bun", coded("The socket connection was closed unexpectedly.", "ECONNRESET"), "head/ECONNRESET"],
  ["any", "thrown as a text", "head/failed"],
];

test("fetch failure: what a runtime says before there is a head has a phase and a code", () => {
  for (const [runtime, error, key] of BEFORE_THE_HEAD) {
    const { phase, code } = failureOf(error, "head");
    assert.equal(`${phase}/${code}`, key, runtime);
  }
});

test("fetch failure: what breaks a body is the body's, whatever its code", () => {
  const cases: [unknown, string][] = [
    [causedBy("other side closed", "UND_ERR_SOCKET"), "body/closed"],
    [new TypeError("error reading a body from connection"), "body/failed"],
    [coded("InvalidHTTPResponse", "InvalidHTTPResponse"), "body/InvalidHTTPResponse"],
    [causedBy("connect ETIMEDOUT", "ETIMEDOUT"), "body/ETIMEDOUT"],
  ];
  for (const [error, key] of cases) {
    const { phase, code } = failureOf(error, "body");
    assert.equal(`${phase}/${code}`, key);
  }
});

test("fetch failure: the message is that of the innermost cause", () => {
  assert.equal(failureOf(causedBy("read ECONNRESET", "ECONNRESET"), "head").message, "read ECONNRESET");
});
