// The program of a worker thread.

import { parentPort } from "node:worker_threads";
import { WorkerHost } from "./worker_host.ts";

new WorkerHost(parentPort!);
