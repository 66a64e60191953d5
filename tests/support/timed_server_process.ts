// What the scripts behind `TimedServer` share: requests in, a report out.

import { type AddressInfo, createServer, type Socket } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";

export const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** Listens on loopback and prints its port; each line on stdin is answered with the report; the end of stdin is its own. */
export function serve(onRequest: (path: string, socket: Socket) => void, report: () => unknown): void {
  const server = createServer((socket) => {
    let text = "";
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end !== -1; end = text.indexOf("\r\n\r\n")) {
        onRequest(text.slice(text.indexOf(" ") + 1, text.indexOf(" HTTP/")), socket);
        text = text.slice(end + 4);
      }
    });
  });
  server.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, () => {
    console.log(String((server.address() as AddressInfo).port));
  });
  createInterface({ input: process.stdin })
    .on("line", () => console.log(JSON.stringify(report())))
    .on("close", () => process.exit(0));
}
