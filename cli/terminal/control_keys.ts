// Keys that steer a run from its terminal.

import process from "node:process";
import type { ControlCommand } from "../../lib/load/control_command.ts";
import type { RunControl } from "../../lib/load/run_control.ts";

/** Shown before the run. */
export const KEYS_NOTE = "keys: + and - change the rate, p pauses, c closes bodies or not, q ends with the report";

const STEP = 1.1;

/** Listens until the returned function is called. Raw mode swallows Ctrl-C: it is passed on as the signal that it stands for. */
export function listenForKeys(control: RunControl): () => void {
  const { stdin } = process;
  const onKeys = (keys: Uint8Array): void => {
    for (const key of new TextDecoder().decode(keys)) {
      if (key === "\x03") process.kill(process.pid, "SIGINT");
      const command = commandOf(key, control);
      if (command !== undefined) control.apply(command);
    }
  };
  stdin.setRawMode(true);
  stdin.on("data", onKeys).resume();
  return () => {
    stdin.off("data", onKeys).pause();
    stdin.setRawMode(false);
  };
}

function commandOf(key: string, { paused, holding }: RunControl): ControlCommand | undefined {
  switch (key) {
    case "+":
    case "=": // the same key without shift
      return { kind: "scale", factor: STEP };
    case "-":
      return { kind: "scale", factor: 1 / STEP };
    case "p":
      return { kind: paused ? "resume" : "pause" };
    case "c":
      return { kind: holding ? "close" : "hold" };
    case "q":
      return { kind: "quit" };
    default:
      return undefined;
  }
}
