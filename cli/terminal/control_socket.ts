// Lines that steer a run from a script: over a unix socket, or from stdin.

import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import process from "node:process";
import type { Readable } from "node:stream";
import { parseControlCommand } from "../../lib/load/control_command.ts";
import type { RunControl } from "../../lib/load/run_control.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { eachLine } from "./lines.ts";
import { stderr } from "./output.ts";

const MAX_CLIENTS = 16;

/** Longer lines are refused. */
const MAX_LINE_BYTES = 1024;

/** What listens for commands, from before the run begins. */
export interface ControlInput {
  /** From here on commands reach the run. */
  attach(control: RunControl): void;
  stop(): void;
}

/** `-`: stdin; else the path of a unix socket, which only this user may open. Rejects with a `UsageError` if it cannot listen there. */
export function openControl(where: string): Promise<ControlInput> {
  return where === "-" ? Promise.resolve(fromStdin()) : fromSocket(where);
}

function fromStdin(): ControlInput {
  return {
    attach: (control) => serve(process.stdin, control, (answer) => void stderr.write(answer)),
    stop: () => void process.stdin.pause(),
  };
}

function fromSocket(path: string): Promise<ControlInput> {
  const clients = new Set<Socket>();
  let run: RunControl | undefined;
  const talk = (client: Socket, control: RunControl) =>
    serve(bounded(client), control, (answer) => client.write(answer));
  const server = createServer((client) => {
    if (clients.size === MAX_CLIENTS) {
      client.on("error", () => {}).end("error: too many clients\n");
      return;
    }
    clients.add(client.on("error", () => client.destroy()).on("close", () => clients.delete(client)));
    if (run !== undefined) talk(client, run); // else what it says waits, unread
  });
  return new Promise((resolve, reject) => {
    server.on("error", (error: NodeJS.ErrnoException) => {
      reject(new UsageError("--control", `cannot listen on ${path}: ${error.code ?? error.message}`));
    });
    const mask = process.umask(0o177); // nobody else may open it, not even for a moment
    server.listen(path, () => {
      process.umask(mask);
      resolve({
        attach(control) {
          run = control;
          for (const client of clients) talk(client, control);
        },
        stop() {
          server.close();
          for (const client of clients) client.destroy();
          rmSync(path, { force: true });
        },
      });
    });
  });
}

/** The same client, disconnected if its line does not end. */
function bounded(client: Socket): Socket {
  let pending = 0;
  return client.on("data", (bytes: Uint8Array) => {
    const end = bytes.lastIndexOf(10);
    pending = end === -1 ? pending + bytes.length : bytes.length - end - 1;
    if (pending > MAX_LINE_BYTES) client.destroy();
  });
}

function serve(input: Readable, control: RunControl, answer: (line: string) => void): void {
  eachLine(input, (line) => {
    if (line.trim() === "") return;
    const command = parseControlCommand(line);
    answer(typeof command === "string" ? `error: ${command}\n` : `ok: ${control.apply(command)}\n`);
  });
}
