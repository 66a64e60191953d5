import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { currentRuntime } from "../../cli/process/runtimes.ts";
import { ok, ScriptedServer } from "../support/scripted_server.ts";

test("client: neither an unread body nor its time limit keeps the process alive", async () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nso far";
  for (const response of [ok("all of it"), head]) {
    await using server = await ScriptedServer.start(({ socket }) => socket.write(response));
    const suffix = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const script = fileURLToPath(new URL(`../support/unread_client.${suffix}`, import.meta.url));
    const words = currentRuntime() === "deno" ? ["run", "-A", "--no-check", "--quiet", script] : [script];
    const printed = await new Promise((resolve, reject) =>
      execFile(
        process.execPath,
        [...words, server.url],
        { timeout: 20_000, killSignal: "SIGKILL" },
        (error, stdout) => error === null ? resolve(stdout) : reject(error),
      )
    );
    assert.equal(printed, "200");
  }
});
