// Lines that steer a run from a script: over a unix socket, or from stdin.

import { lstatSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
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

/** Answers that wait for a client to read them. */
const MAX_UNREAD_BYTES = 64 * 1024;

/** In which a client may read why it is dismissed. */
const FAREWELL_MS = 1000;

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

async function fromSocket(path: string): Promise<ControlInput> {
  const clients = new Set<Socket>();
  let run: RunControl | undefined;
  const talk = (client: Socket, control: RunControl) =>
    serve(bounded(client), control, (answer) => {
      if (client.writableEnded) return;
      client.write(answer);
      if (client.writableLength > MAX_UNREAD_BYTES) dismiss(client, "answers are not read");
    });
  const server = createServer((client) => {
    if (clients.size === MAX_CLIENTS) {
      client.on("error", () => {}).end("error: too many clients\n");
      return;
    }
    clients.add(client.on("error", () => client.destroy()).on("close", () => clients.delete(client)));
    if (run !== undefined) talk(client, run); // else what it says waits, unread
  });
  await makeWay(path);
  await listen(server, path);
  return {
    attach(control) {
      run = control;
      for (const client of clients) talk(client, control);
    },
    stop() {
      server.close();
      for (const client of clients) client.destroy();
      rmSync(path, { force: true });
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  const mask = process.umask(0o177); // nobody else may open it, not even for a moment
  return new Promise<void>((resolve, reject) => {
    server.on("error", ({ code, message }: NodeJS.ErrnoException) => {
      reject(new UsageError("--control", `cannot listen on ${path}: ${code ?? message}`));
    });
    server.listen(path, resolve);
  }).finally(() => process.umask(mask));
}

/** Removes the socket of a run that was killed. Rejects with a `UsageError` if somebody listens there, or it is no socket. */
async function makeWay(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw UsageError.expected("--control", "a path that is free", path);
  if (await isListening(path)) {
    throw UsageError.expected("--control", "a path on which no other process listens", path);
  }
  rmSync(path, { force: true });
}

/** True also where it cannot be asked: what may be somebody's is left alone. */
function isListening(path: string): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    const asking = connect(path);
    asking.on("connect", () => {
      asking.destroy();
      resolve(true);
    });
    asking.on("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "ECONNREFUSED"));
  });
}

/** Says why, and heeds no more of what it sends. */
function dismiss(client: Socket, why: string): void {
  client.removeAllListeners("data").resume().end(`error: ${why}\n`);
  setTimeout(() => client.destroy(), FAREWELL_MS).unref();
}

/** The same client, dismissed if its line does not end. */
function bounded(client: Socket): Socket {
  let pending = 0;
  return client.on("data", (bytes: Uint8Array) => {
    const end = bytes.lastIndexOf(10);
    pending = end === -1 ? pending + bytes.length : bytes.length - end - 1;
    if (pending > MAX_LINE_BYTES) dismiss(client, `a line has at most ${MAX_LINE_BYTES} bytes`);
  });
}

function serve(input: Readable, control: RunControl, answer: (line: string) => void): void {
  eachLine(input, (line) => {
    if (line.trim() === "") return;
    const command = parseControlCommand(line);
    answer(typeof command === "string" ? `error: ${command}\n` : `ok: ${control.apply(command)}\n`);
  });
}
