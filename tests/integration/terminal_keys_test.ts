// A run in a real terminal, tmux's, with a real keyboard's bytes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { currentRuntime, selfCommand } from "../../cli/process/runtimes.ts";
import { parseResult } from "../../lib/result/json.ts";

const TIMEOUT_MS = 40_000;

/** A tmux server of its own, with one window that runs loadgen. */
class Terminal implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "loadgen-tmux-"));

  constructor(args: readonly string[]) {
    const words = selfCommand(currentRuntime(), process.execPath, args);
    const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    const script = `cd '${this.folder}'; ${line}; echo "exit code $?" > code.txt; sleep 60`;
    this.#tmux("-f", "/dev/null", "new-session", "-d", "-s", "run", "-x", "120", "-y", "40", "sh", "-c", script);
  }

  press(key: string): void {
    this.#tmux("send-keys", "-t", "run", key);
  }

  screen(): string {
    return this.#tmux("capture-pane", "-p", "-t", "run");
  }

  /** Waits until something is so. */
  async until(what: string, is: () => boolean): Promise<void> {
    for (const endMs = performance.now() + TIMEOUT_MS; !is();) {
      if (performance.now() > endMs) throw new Error(`waited in vain for ${what}:\n${this.screen()}`);
      await passed(50);
    }
  }

  [Symbol.dispose](): void {
    this.#tmux("kill-server");
    rmSync(this.folder, { recursive: true, force: true });
  }

  #tmux(...args: string[]): string {
    return execFileSync("tmux", ["-S", join(this.folder, "tmux.sock"), ...args], { encoding: "utf8" });
  }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

test("terminal: keys change the rate, pause, hold and close bodies, and quit with the report", async () => {
  using terminal = new Terminal(["-r", "100", "-d", "1m", "-o", "result.json"]);
  await terminal.until("the keys' note", () => terminal.screen().includes("c closes bodies or not"));
  await terminal.until("the progress", () => / live/.test(terminal.screen()));
  await passed(2_000);
  terminal.press("c");
  await passed(3_000);
  terminal.press("c");
  await passed(2_500);
  terminal.press("+");
  terminal.press("p");
  await passed(500);
  terminal.press("p");
  terminal.press("q");
  const code = join(terminal.folder, "code.txt");
  await terminal.until("the end", () => existsSync(code) && readFileSync(code, "utf8").endsWith("\n"));
  assert.equal(readFileSync(code, "utf8"), "exit code 3\n");
  const { series } = parseResult(readFileSync(join(terminal.folder, "result.json"), "utf8"), "result.json");
  const changes = series.flatMap((line) => line.changes ?? []);
  assert.deepEqual(changes, ["bodies held", "bodies read", "rate 110/s", "paused", "resumed"]);
  const held = series.findIndex((line) => line.changes?.includes("bodies held"));
  const closed = series.findIndex((line) => line.changes?.includes("bodies read"));
  const slope = (second: number) => (series[second]!.live - series[second - 1]!.live) / series[second]!.completed;
  assert.ok(closed >= held + 2);
  for (let second = held + 1; second < closed; second++) {
    assert.ok(Math.abs(slope(second) - 1) < 0.15, `${slope(second)}`);
  }
  assert.ok(Math.abs(slope(closed + 1)) < 0.1, `${slope(closed + 1)}`);
});

test("terminal: Ctrl-C in the middle of the keys ends the run with its report", async () => {
  using terminal = new Terminal(["-r", "20", "-d", "1m", "-o", "result.json"]);
  await terminal.until("the progress", () => / live/.test(terminal.screen()));
  terminal.press("C-c");
  const code = join(terminal.folder, "code.txt");
  await terminal.until("the end", () => existsSync(code) && readFileSync(code, "utf8").endsWith("\n"));
  assert.equal(readFileSync(code, "utf8"), "exit code 130\n");
  assert.equal(parseResult(readFileSync(join(terminal.folder, "result.json"), "utf8"), "").outcome, "interrupted");
});
