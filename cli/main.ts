#!/usr/bin/env node
// The entry: a process that carries out its command line.

import process from "node:process";
import { invoke } from "./invoke.ts";
import { stderr, stdout } from "./terminal/output.ts";

await invoke();
await Promise.all([stdout.flush(), stderr.flush()]);
process.exit();
