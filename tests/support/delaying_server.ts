// A server that answers each request after a time of its own: node delaying_server.js <fixed|log-normal>

import process from "node:process";
import { Random } from "../oracle/random.ts";
import { sharedNowMs } from "./timed_server.ts";
import { ANSWER, serve } from "./timed_server_process.ts";

/** When the request with the path /i was answered, by i. Other paths are answered and not told of. */
export type Answers = readonly number[];

const FIXED_MS = 5;
/** 10 ms in the middle, 40 ms at p99. */
const MEDIAN_MS = 10;
const SIGMA = 0.6;

const random = new Random(20_26);
const answeredMs: number[] = [];

/** Box and Muller, 1958. */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

function delayMs(): number {
  return process.argv[2] === "fixed" ? FIXED_MS : MEDIAN_MS * Math.exp(SIGMA * normal());
}

serve((path, socket) => {
  const index = Number(path.slice(1));
  setTimeout(() => {
    if (Number.isInteger(index)) answeredMs[index] = sharedNowMs(); // before the write: nobody has the answer earlier
    socket.write(ANSWER);
  }, delayMs());
}, (): Answers => answeredMs);
