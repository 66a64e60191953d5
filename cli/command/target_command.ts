// `loadgen target`, the hidden command behind `startTarget`: a plan in on stdin, a URL out on stdout, then answers.

import type { Command } from "@commander-js/extra-typings";
import type { AddressInfo } from "node:net";
import process from "node:process";
import type { TargetPlan } from "../../lib/scenario/plan.ts";
import { createTarget, LISTEN_BACKLOG } from "../process/target_server.ts";
import { leaveInterruptToParent } from "../terminal/interrupt.ts";
import { eachLine } from "../terminal/lines.ts";

export function addTargetCommand(program: Command): void {
  program.command("target", { hidden: true })
    .description("the embedded target of a run; its plan comes on stdin")
    .action(() => {
      leaveInterruptToParent();
      process.stdout.on("error", () => process.exit(1)); // the parent is gone
      // stdin ends when the parent does, even where it was killed.
      eachLine(process.stdin, (line) => serve(JSON.parse(line) as TargetPlan), () => process.exit(0));
      return new Promise<void>(() => {});
    });
}

function serve(plan: TargetPlan): void {
  const { server } = createTarget(plan);
  server.listen({ port: 0, host: "127.0.0.1", backlog: LISTEN_BACKLOG }, () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}/` })}\n`);
  });
}
