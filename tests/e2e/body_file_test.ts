// The bytes of a body's file, as they arrive at a server: in this process, in threads, in processes, by each client.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { inFolder, loadgen } from "../support/cli.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";

/** A byte order mark, every byte there is, and what a template would take for signs. */
const BYTES = new Uint8Array([
  0xef,
  0xbb,
  0xbf,
  ...Array.from({ length: 256 }, (_, byte) => byte),
  ...new TextEncoder().encode("${HOME} {{x}} \\{{ {{uuid}}\r\n"),
]);

const WAYS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["by loadgen", []],
  ["by fetch", ["--client", "fetch"]],
  ["from two threads", ["-w", "2", "-c", "2", "-n", "2"]],
];

for (const [name, args] of WAYS) {
  test(`body file: its bytes go out as they are, ${name}`, () =>
    inFolder(async (folder) => {
      await using server = await ScriptedServer.start(({ body, socket }) => {
        bodies.push(body);
        socket.write(ok("x"));
      });
      const bodies: string[] = [];
      const file = join(folder, "body.bin");
      writeFileSync(file, BYTES);
      const words = [server.url, "-m", "POST", "-c", "1", "-n", "1", "--body-file", file, "--json", ...args];
      const { code, stdout, stderr } = await loadgen(words);
      assert.deepEqual([code, stderr.includes("expected")], [0, false], stderr);
      const sent = new TextDecoder("latin1").decode(BYTES).length;
      assert.ok(bodies.length >= 1);
      for (const body of bodies) {
        assert.deepEqual(Array.from(body, (letter) => letter.charCodeAt(0)), [...BYTES], `${sent} bytes`);
      }
      assert.ok(!stdout.includes("{{uuid}}"), "the result names the file, not what is in it");
    }));
}

test("body file: a scenario's counts from its folder, in each process of a comparison too; a flag takes its place", () =>
  inFolder(async (folder) => {
    await using server = await ScriptedServer.start(({ body, socket }) => {
      bodies.push(body);
      socket.write(ok("x"));
    });
    const bodies: string[] = [];
    const scenario = join(folder, "mine.json");
    writeFileSync(join(folder, "body.bin"), BYTES);
    writeFileSync(
      scenario,
      JSON.stringify({
        request: { url: server.url, method: "POST", bodyFile: "body.bin" },
        load: { requests: 1, connections: 1 },
      }),
    );
    const compared = await loadgen(["compare", scenario, "--runtimes", "node", "--json"]);
    assert.equal(compared.code, 0, compared.stderr);
    assert.deepEqual(Array.from(bodies[0]!, (letter) => letter.charCodeAt(0)), [...BYTES]);
    bodies.length = 0;
    assert.equal((await loadgen([scenario, "-b", "instead", "--json"])).code, 0);
    assert.deepEqual(bodies, ["instead"]);
  }));
