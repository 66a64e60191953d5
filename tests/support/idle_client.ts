// A process with one open connection and nothing else: node idle_client.js <adapter> <address as JSON> <ref|unref|pause|resume|write ...>

import process from "node:process";
import { availableAdapters } from "../../lib/socket/detect.ts";
import type { Address, SocketHandler } from "../../lib/socket/socket.ts";

const [name, json, ...calls] = process.argv.slice(2);
const address = JSON.parse(json!) as Address;
const adapter = availableAdapters().find((adapter) => adapter.name === name)!;

const becomeIdle = (): void => {
  for (const call of calls) {
    if (call === "write") socket.write(new Uint8Array(16 * 1024 * 1024)); // more than a kernel takes
    else socket[call as "ref" | "unref" | "pause" | "resume"]();
  }
  process.stdout.write("idle");
};
const handler: SocketHandler = {
  onOpen: () => address.tls ?? becomeIdle(),
  onSecure: becomeIdle,
  onData: (view) => {
    process.stdout.write(`, told ${new TextDecoder().decode(view)}`);
    socket.destroy();
  },
  onDrain() {
    process.stdout.write(", sent");
    socket.destroy();
  },
  onEnd() {},
  onClose(error) {
    process.stdout.write(`, closed ${error?.code}`);
  },
};
const socket = adapter.dial(address, handler);
