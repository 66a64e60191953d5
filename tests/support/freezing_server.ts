// A server that answers at once, but stands still when it meets one request: node freezing_server.js <index> <ms>

import process from "node:process";
import { sharedNowMs } from "./timed_server.ts";
import { ANSWER, serve } from "./timed_server_process.ts";

export interface Freeze {
  /** When it ended. */
  readonly untilMs: number;
  /** When each request was answered, in the order of their coming. */
  readonly answeredMs: readonly number[];
}

const [index, freezeMs] = process.argv.slice(2).map(Number);
const nobody = new Int32Array(new SharedArrayBuffer(4));
const answeredMs: number[] = [];
let untilMs = 0;

serve((_path, socket) => {
  if (answeredMs.length === index) {
    Atomics.wait(nobody, 0, 0, freezeMs);
    untilMs = sharedNowMs();
  }
  answeredMs.push(sharedNowMs()); // before the write: nobody has the answer earlier
  socket.write(ANSWER);
}, (): Freeze => ({ untilMs, answeredMs }));
