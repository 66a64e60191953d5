#!/usr/bin/env node
// The entry: a process that carries out its command line.

import process from "node:process";
import { invoke } from "./invoke.ts";
import { endQuietlyOnClosedPipe, write } from "./terminal/terminal.ts";

endQuietlyOnClosedPipe();
await invoke();
await write(process.stdout, "");
process.exit();
