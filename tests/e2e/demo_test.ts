import assert from "node:assert/strict";
import test from "node:test";
import { loadgen } from "../support/cli.ts";

test("demo: bodies closed stand beside bodies never closed, with the difference in words", async () => {
  const { code, stdout, stderr } = await loadgen(["demo", "--rps", "100", "--duration", "2s"], {
    env: { COLUMNS: "80" },
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^ *completed +200 +200$/m);
  assert.match(stdout, /live at the end +\d{1,2} +200/);
  assert.match(stdout, /clean.*leaking/);
});
