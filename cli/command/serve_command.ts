// `loadgen serve`: the embedded target in the foreground, for another machine's or another tool's runs.

import type { Command } from "@commander-js/extra-typings";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { resolve } from "../../lib/scenario/resolve.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { parseDurationMs } from "../../lib/scenario/value/duration.ts";
import { SERVE_FLAGS, SERVE_HOST, SERVE_PORT } from "../flag/command_flags.ts";
import { withFlags } from "../flag/flag.ts";
import { TARGET_FLAGS } from "../flag/plan_flags.ts";
import { InputFiles } from "../input/input_files.ts";
import { FlagSettings } from "../plan/flag_settings.ts";
import { createTarget, LISTEN_BACKLOG, type TargetServer } from "../process/target_server.ts";
import { print } from "../terminal/terminal.ts";

export function addServeCommand(program: Command): void {
  const command = program.command("serve")
    .summary("serve the embedded target until Ctrl-C")
    .description("Serves the embedded target until Ctrl-C. Every method and path gets the same answer.");
  const listening = withFlags(command, "Options", SERVE_FLAGS);
  withFlags(listening, "Embedded target", TARGET_FLAGS).action(async (flags) => {
    const { host = SERVE_HOST, port: wanted = SERVE_PORT, keepAliveTimeout = "0" } = flags;
    const { target } = resolve(new FlagSettings(flags, new InputFiles()).scenario());
    const served = createTarget(target, parseDurationMs(keepAliveTimeout));
    const { address, port } = await listen(served, host, wanted);
    await print(`listening on http://${address.includes(":") ? `[${address}]` : address}:${port}/, Ctrl-C ends it`);
    await untilSignal();
    const { connections, requests } = served.counts;
    await print(
      `served ${requests.toLocaleString("en-US")} requests on ${connections.toLocaleString("en-US")} connections`,
    );
  });
}

function listen({ server }: TargetServer, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenProblem(error, host, port)));
    server.listen({ port, host, backlog: LISTEN_BACKLOG }, () => resolve(server.address() as AddressInfo));
  });
}

function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return UsageError.expected("--port", "a port that is free", port);
    case "EACCES":
      return UsageError.expected("--port", "a port that this user may listen on", port);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return UsageError.expected("--host", "an address of this machine", host);
    default:
      return error;
  }
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.on("SIGINT", resolve);
    process.on("SIGTERM", resolve);
  });
}
