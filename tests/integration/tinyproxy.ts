import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DebianService } from "../support/debian_service.ts";

export interface TinyproxyOptions {
  /** The only port that CONNECT may go to. */
  readonly connectPort: number;
  readonly user?: string;
  readonly password?: string;
}

/** tinyproxy closes a connection after each response without a word about it; a tunnel stays. */
export async function startTinyproxy({ connectPort, user, password }: TinyproxyOptions): Promise<DebianService> {
  return await DebianService.start({
    binary: "tinyproxy",
    package: "tinyproxy",
    ports: 1,
    configure(directory, [port]) {
      const path = join(directory, "tinyproxy.conf");
      const lines = [`Port ${port}`, "Listen 127.0.0.1", "Allow 127.0.0.1", "MaxClients 50", "LogLevel Warning"];
      lines.push(`ConnectPort ${connectPort}`);
      if (user !== undefined) lines.push(`BasicAuth ${user} ${password}`);
      writeFileSync(path, `${lines.join("\n")}\n`);
      return ["-d", "-c", path];
    },
  });
}
