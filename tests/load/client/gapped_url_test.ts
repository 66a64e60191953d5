import assert from "node:assert/strict";
import test from "node:test";
import { cutUrl } from "../../../lib/load/client/gapped_url.ts";
import type { CompiledText } from "../../../lib/scenario/template/compiled_text.ts";

/** Two sources, and their names where the path has them. */
const x = () => "x";
const y = () => "y";

const CASES: readonly [name: string, url: CompiledText, origin: string, path: CompiledText][] = [
  ["nothing differs", ["http://h"], "http://h", ["/"]],
  ["sources in path and query", ["https://h:81/a/", x, "/b?c=", y, "&d"], "https://h:81", ["/a/", x, "/b?c=", y, "&d"]],
  ["a source at the end", ["http://h/", x], "http://h", ["/", x]],
  ["two sources side by side", ["http://h/", x, y, "a"], "http://h", ["/", x, y, "a"]],
  ["text like the letters that are tried", ["http://h/ab", x, "ba", y, "aa"], "http://h", ["/ab", x, "ba", y, "aa"]],
  ["one source twice", ["http://h/", x, "/", x], "http://h", ["/", x, "/", x]],
  ["what is written in another way", ["http://H:80/ü/../é", x, '?"', y], "http://h", ["/%C3%A9", x, "?%22", y]],
  ["dots beside a source are no dots alone", ["http://h/a/.", x, "/..", y], "http://h", ["/a/.", x, "/..", y]],
  ["a percent sign before a source", ["http://h/%", x, "%2", y], "http://h", ["/%", x, "%2", y]],
  ["a segment that dots take back", ["http://h/a/", x, "/../", y], "http://h", ["/a/", y]],
  ["userinfo is no part of it", ["http://u:p@h/", x], "http://h", ["/", x]],
];

for (const [name, url, origin, path] of CASES) {
  test(`gapped url: ${name}`, () => {
    assert.deepEqual(cutUrl(url), { origin, path });
  });
}
