import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import process from "node:process";
import test from "node:test";
import { encodeLatin1 } from "../../lib/core/bytes.ts";
import { findInodes, socketsTo } from "../../lib/record/kernel_sockets.ts";

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 000000008c369996 100 0 0 10 0
   1: 0100007F:90F2 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 12 1 0000000076ac276c 20 4 30 10 -1
   2: 0100007F:1F90 0100007F:90F2 01 00000000:00000000 00:00000000 00000000  1000        0 13 1 00000000a98dba7d 20 4 30 10 -1
   3: 0100007F:90F4 0100007F:1F90 06 00000000:00000000 03:0000002A 00000000     0        0 0 3 0000000076ac276c
  14: 0100007F:90F6 0A00000A:0050 02 00000001:00000000 01:00000019 00000002     0        0 15 2 0000000076ac276c 400 0 0 1 7
   5: 0100007F:90F8 0A00000A:1F91 01 00000001:00000000 01:00000019 00000002     0        0 16 2 0000000076ac276c 400 0 0 1 7
`;

const TABLE6 =
  `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when
   0: 00000000000000000000000001000000:90F2 00000000000000000000000001000000:1F90 01 00000000:00000000 00:00000000 00000000     0        0 21 1 0 20 4 30 10 -1
`;

test("kernel sockets: those that lead to a port, connecting ones too; none that came from it or is closed", () => {
  const inodes = new Set<number>();
  const ports = new Set([8080, 80]);
  const tables = encodeLatin1(TABLE + TABLE6);
  assert.equal(findInodes(tables, ports, inodes), tables.length);
  assert.deepEqual([...inodes], [12, 15, 21]);
  const begun = encodeLatin1(TABLE.slice(0, -40));
  const whole = TABLE.lastIndexOf("\n", TABLE.length - 41) + 1;
  assert.equal(findInodes(begun, ports, new Set()), whole, "a line that is not whole is left for the next piece");
});

test(
  "kernel sockets: this process's are counted until they are closed",
  { skip: process.platform !== "linux" },
  async () => {
    const accepted: Socket[] = [];
    const server = createServer((socket) => accepted.push(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const ports = new Set([port]);
    assert.equal(socketsTo(ports), 0, "one that listens leads nowhere");
    const sockets = await Promise.all(Array.from({ length: 300 }, () =>
      new Promise<Socket>((resolve) => {
        const socket = connect(port, "127.0.0.1", () => resolve(socket));
      })));
    assert.equal(socketsTo(ports), 300);
    await Promise.all(
      sockets.slice(0, 120).map((socket) =>
        new Promise((resolve) => {
          socket.on("close", resolve);
          socket.destroy();
        })
      ),
    );
    const deadline = performance.now() + 5000;
    while (socketsTo(ports) !== 180 && performance.now() < deadline) await new Promise((turn) => setTimeout(turn, 10));
    assert.equal(socketsTo(ports), 180);
    for (const socket of [...sockets, ...accepted]) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  },
);
