import { DebianService } from "../support/debian_service.ts";

/** A SOCKS 5 proxy; with a user it lets nobody else in. */
export async function startMicrosocks(user?: string, password?: string): Promise<DebianService> {
  return await DebianService.start({
    binary: "microsocks",
    package: "microsocks",
    ports: 1,
    configure(_directory, [port]) {
      const login = user === undefined ? [] : ["-u", user, "-P", password!];
      return ["-i", "127.0.0.1", "-p", String(port), ...login];
    },
  });
}
