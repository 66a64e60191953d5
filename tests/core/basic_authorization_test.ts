import assert from "node:assert/strict";
import test from "node:test";
import { basicAuthorization } from "../../lib/core/basic_authorization.ts";

test("basic authorization: the examples of RFC 7617, and nothing at all", () => {
  assert.equal(basicAuthorization("Aladdin:open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  assert.equal(basicAuthorization("test:123£"), "Basic dGVzdDoxMjPCow==");
  assert.equal(basicAuthorization(":"), "Basic Og==");
});
