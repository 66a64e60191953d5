// A server that answers at once, but stands still when it meets one request: node freezing_server.js <index> <ms>

import process from "node:process";
import { sharedNowMs } from "./timed_server.ts";
import { ANSWER, serve } from "./timed_server_process.ts";

export interface Freeze {
  /** When it ended. */
  readonly untilMs: number;
}

const [index, freezeMs] = process.argv.slice(2).map(Number);
const nobody = new Int32Array(new SharedArrayBuffer(4));
let requests = 0;
let untilMs = 0;

serve((_path, socket) => {
  if (requests++ === index) {
    Atomics.wait(nobody, 0, 0, freezeMs);
    untilMs = sharedNowMs();
  }
  socket.write(ANSWER);
}, (): Freeze => ({ untilMs }));
