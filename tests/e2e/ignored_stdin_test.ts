// What stands on stdin without being asked for is said to be ignored, and is left to others where a URL is given.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { inFolder, loadgen } from "../support/cli.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";

const IGNORED = "loadgen: stdin: ignored, as no URL is given and no scenario; - reads a scenario from it\n";

/** With the default target, which a dry run does not start. */
const ARGS = ["--rps", "5", "-d", "1s", "--dry-run"];

/** Where a pipe can be opened once more, without waiting. */
const testOnLinux = process.platform === "linux" ? test : () => {};

testOnLinux(
  "stdin: targets, a scenario and a file that nobody asked for are said to be ignored",
  () =>
    inFolder(async (folder) => {
      const file = join(folder, "mine.json");
      writeFileSync(file, "{}");
      for (
        const shell of [
          "echo 'GET http://127.0.0.1:1/' | (sleep 0.2; \"$@\")",
          "echo '{}' | (sleep 0.2; \"$@\")",
          `"$@" < ${file}`,
        ]
      ) {
        const { code, stderr } = await loadgen(ARGS, { shell });
        assert.deepEqual([code, stderr], [0, IGNORED], shell);
      }
    }),
);

testOnLinux("stdin: an empty one, and one that says nothing, is not worth a word", async () => {
  for (const shell of ['"$@" < /dev/null', 'true | "$@"', 'sleep 2 | "$@"', '"$@" <&-', '"$@"']) {
    const { code, stderr } = await loadgen(ARGS, { shell });
    assert.deepEqual([code, stderr], [0, ""], shell);
  }
});

test("stdin: a loop of the shell keeps its lines", async () => {
  await using server = await ScriptedServer.start(({ socket }) => socket.write(ok("x")));
  const { stdout, stderr } = await loadgen([server.url, "--dry-run"], {
    shell: 'printf "a\\nb\\nc\\n" | while read line; do echo "line $line"; "$@"; done',
  });
  assert.equal(stderr, "");
  assert.deepEqual(stdout.match(/^line .*$/gm), ["line a", "line b", "line c"]);
});
