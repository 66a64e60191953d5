// A TLS server that answers every request with the same few bytes; it prints its port and authority as one JSON line.

import type { AddressInfo } from "node:net";
import process from "node:process";
import { createServer } from "node:tls";
import { Authority } from "../support/certificates.ts";

const authority = await Authority.create("bench");
const certificate = await authority.server("127.0.0.1");
const answer = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello world!";

const server = createServer(certificate, (socket) => {
  socket.on("error", () => {});
  socket.on("data", (bytes: Uint8Array) => {
    // the clients here send a request whole and wait for its answer
    if (bytes.length > 4) socket.write(answer);
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port, ca: authority.ca }));
});
process.stdin.on("end", () => process.exit(0)).resume(); // its starter is gone
