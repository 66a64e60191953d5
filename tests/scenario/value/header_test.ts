import assert from "node:assert/strict";
import test from "node:test";
import { expectedOfHeader, splitHeader } from "../../../lib/scenario/value/header.ts";

test("header: name and value are split at the first colon, blanks around the value dropped", () => {
  assert.deepEqual(splitHeader("Accept: text/html"), ["Accept", "text/html"]);
  assert.deepEqual(splitHeader("X-Time:\t12:30 \t"), ["X-Time", "12:30"]);
  assert.deepEqual(splitHeader("X-Empty:"), ["X-Empty", ""]);
  assert.equal(splitHeader("no colon"), undefined);
  assert.equal(splitHeader(": no name"), undefined);
});

test("header: what could break out of its line, or lie about the body, is refused", () => {
  const good: [string, string][] = [["a", ""], ["X-1", "tab\tinside"], ["x!#$%&'*+-.^_`|~", "é"]];
  for (const [name, value] of good) assert.equal(expectedOfHeader(name, value), undefined, name);
  const bad: [string, string, RegExp][] = [
    ["", "x", /header name/],
    ["a b", "x", /header name/],
    ["a:", "x", /header name/],
    ["é", "x", /header name/],
    ["a\r\nb", "x", /header name/],
    ["a", "b\nc: d", /newline/],
    ["a", "b\rc", /newline/],
    ["a", "b\0", /control/],
    ["a", "b\x7f", /control/],
    ["a", "snow ☃", /Latin-1/],
    ["Content-Length", "5", /no Content-Length/],
    ["transfer-encoding", "chunked", /no transfer-encoding/],
  ];
  for (const [name, value, expected] of bad) assert.match(expectedOfHeader(name, value) ?? "", expected, name);
});
