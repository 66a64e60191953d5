// `loadgen shard`, the hidden command behind `runInProcess`: the host of a shard in a process of its own. What it is told
// comes on stdin, what it tells goes to stdout, a message a line.

import type { Command } from "@commander-js/extra-typings";
import process from "node:process";
import type { FromHost } from "../../lib/load/link/message.ts";
import { messageToText, parseToHost } from "../../lib/load/link/message_text.ts";
import { ShardHost } from "../../lib/load/link/shard_host.ts";
import { openShard } from "../../lib/load/worker/open_shard.ts";
import { leaveInterruptToParent } from "../terminal/interrupt.ts";
import { eachLine } from "../terminal/lines.ts";

export function addShardCommand(program: Command): void {
  program.command("shard", { hidden: true })
    .description("a run's load in a process of its own; what it is told comes on stdin")
    .action(async () => {
      leaveInterruptToParent();
      process.stdout.on("error", () => process.exit(1)); // the parent is gone
      await new Promise<void>((resolve) => {
        const tell = (message: FromHost): void => {
          const told = message.kind === "closed" ? () => resolve() : undefined;
          process.stdout.write(`${messageToText(message)}\n`, told);
        };
        const host = new ShardHost(({ plan, inputs, steered, share }) => openShard(plan, inputs, steered, share), tell);
        eachLine(process.stdin, (line) => host.hear(parseToHost(line)), () => process.exit(1)); // the parent is gone
      });
    });
}
