// `loadgen serve`: the embedded target in the foreground, for another machine's or another tool's runs.

import type { Command } from "@commander-js/extra-typings";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { resolve } from "../../lib/scenario/resolve.ts";
import { transportSchema } from "../../lib/scenario/scenario.ts";
import { UsageError } from "../../lib/scenario/usage_error.ts";
import { parseDurationMs } from "../../lib/scenario/value/duration.ts";
import { withTargetFlags } from "../plan/flags.ts";
import { targetFromFlags } from "../plan/plan_from_words.ts";
import { textFlag } from "../plan/value_flags.ts";
import { createTarget, LISTEN_BACKLOG, type TargetServer } from "../process/target_server.ts";
import { print } from "../terminal/terminal.ts";

export function addServeCommand(program: Command): void {
  const command = program.command("serve")
    .summary("a server to send to, in the foreground")
    .description("Serves the embedded target until Ctrl-C: every method and path gets the same answer.")
    .option("-p, --port <n>", "which port; 0: a free one", parsePort, 8080)
    .option("--host <address>", "which address to listen on", "127.0.0.1")
    .option(
      "--keep-alive-timeout <time>",
      "when idle connections are closed; 0: never (default: 0)",
      textFlag("--keep-alive-timeout", transportSchema.shape.idleConnTimeout),
    );
  withTargetFlags(command).action(async (flags) => {
    const { target } = resolve({ target: targetFromFlags(flags) ?? {} });
    const served = createTarget(target, parseDurationMs(flags.keepAliveTimeout ?? "0"));
    const { address, port } = await listen(served, flags.host, flags.port);
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

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw UsageError.expected("--port", "a port from 0 to 65535", text);
  return port;
}
