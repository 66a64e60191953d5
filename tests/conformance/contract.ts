// The contract of lib/socket/socket.ts as tests, for one adapter on one wire.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { concatBytes } from "../../lib/core/bytes.ts";
import type { Address, SocketAdapter } from "../../lib/socket/socket.ts";
import { SocketError } from "../../lib/socket/socket_error.ts";
import { DeafServer } from "../support/deaf_server_process.ts";
import { deadPort } from "../support/raw_server.ts";
import { startScript } from "../support/script_process.ts";
import { collect, decode, encode, MiB, pattern, same } from "./content.ts";
import { dial, type EventName, Recorder, settle, stable, waitFor } from "./recorder.ts";
import type { Wire } from "./wire.ts";

/** Registers the contract's tests. */
export function conformance(adapter: SocketAdapter, wire: Wire): void {
  const { ready, serve } = wire;
  const check = (name: string, body: () => Promise<void>) => test(`${adapter.name} ${wire.name}: ${name}`, body);
  /** What a socket was told, on every wire alike. */
  const told = (events: readonly EventName[]) => events.filter((name) => name !== "secure");

  check("opens after dial has returned, then carries bytes both ways", async () => {
    await using server = await serve((peer) => peer.pipe(peer));
    const client = dial(adapter, server.address);
    assert.deepEqual(client.events, []);
    await client.seen(ready);
    client.socket.write(encode("ping"));
    await client.received(4);
    assert.equal(client.text, "ping");
    client.socket.destroy();
  });

  check("a refused connect is ECONNREFUSED, once, and nothing else", async () => {
    const client = dial(adapter, wire.to({ host: "127.0.0.1", port: await deadPort() }));
    assert.deepEqual(client.events, []);
    await client.seen("close");
    assert.ok(client.error instanceof SocketError);
    assert.equal(client.error.code, "ECONNREFUSED");
    await settle();
    assert.deepEqual(client.events, ["close"]);
  });

  check("a missing unix path is ENOENT", async () => {
    const client = dial(adapter, wire.to({ path: join(tmpdir(), "loadgen-nobody-listens-here.sock") }));
    assert.deepEqual(client.events, []);
    await client.seen("close");
    assert.equal(client.error?.code, "ENOENT");
  });

  check("what the runtime throws from its connect arrives as a close", async () => {
    for (const address of [{ host: "127.0.0.1", port: 70_000 }, { path: `/tmp/${"x".repeat(300)}` }]) {
      const client = dial(adapter, wire.to(address));
      assert.deepEqual(client.events, []);
      await client.seen("close");
      assert.ok(client.error instanceof SocketError);
      assert.match(client.error.code, /^E[A-Z_]+$/);
      await settle();
      assert.deepEqual(client.events, ["close"]);
    }
  });

  check("a name that does not resolve is ENOTFOUND", async () => {
    const client = dial(adapter, wire.to({ host: `${"x".repeat(64)}.invalid`, port: 80 })); // RFC 1035 §2.3.4: a label has 63
    await client.seen("close");
    assert.equal(client.error?.code, "ENOTFOUND");
  });

  check(
    `a reset of a quiet connection is ${wire.resetIs === "close" ? "ECONNRESET, without an end before it" : "an end"}`,
    async () => {
      await using server = await serve();
      const client = dial(adapter, server.address);
      const peer = await server.peer();
      peer.write("half a mess");
      await client.received(11);
      server.reset(peer);
      await client.seen(wire.resetIs);
      assert.equal(client.error?.code, wire.resetIs === "close" ? "ECONNRESET" : undefined);
      assert.deepEqual(told(client.events), ["open", "data", wire.resetIs]);
      client.socket.destroy();
    },
  );

  check("a reset right behind data ends the connection, as an end or as an error", async () => {
    await using server = await serve((peer) => {
      peer.write("half a mess");
      server.reset(peer);
    });
    const client = dial(adapter, server.address);
    client.during.end = () => client.socket.end();
    await client.seen("close");
    assert.equal(client.events.filter((name) => name === "close").length, 1);
    assert.ok(client.has("end") || client.error !== undefined);
  });

  check("after the peer's FIN writing goes on", async () => {
    await using server = await serve((peer) => peer.end("bye"));
    const client = dial(adapter, server.address);
    const upload = collect(await server.peer());
    await client.seen("end");
    assert.equal(client.text, "bye");
    await settle();
    assert.deepEqual(told(client.events), ["open", "data", "end"]);
    const sent = pattern(MiB);
    client.socket.write(sent);
    client.socket.end();
    assert.ok(same(await upload, sent));
    await client.seen("close");
    assert.equal(client.error, undefined);
    assert.deepEqual(withoutDrain(told(client.events)), ["open", "data", "end", "close"]);
  });

  check("after our FIN the whole reply still arrives", async () => {
    const reply = pattern(MiB);
    await using server = await serve((peer) => peer.on("end", () => peer.end(reply)).resume());
    const client = dial(adapter, server.address);
    await client.seen(ready);
    client.socket.write(encode("question"));
    client.socket.end();
    await client.seen("close");
    assert.equal(client.error, undefined);
    assert.ok(same(client.bytes, reply));
    assert.deepEqual(told(client.events), ["open", "data", "end", "close"]);
  });

  check("both sides ending at once is a clean close", async () => {
    await using server = await serve((peer) => peer.end());
    const client = dial(adapter, server.address);
    client.during[ready] = () => client.socket.end();
    await client.seen("close");
    assert.equal(client.error, undefined);
    assert.deepEqual(told(client.events), ["open", "end", "close"]);
  });

  check("16 MiB each way arrive unchanged, one drain for each write that was held back", async () => {
    const sent = pattern(16 * MiB);
    // No pipe: on Deno a TLS peer that pauses loses the end. What cannot be written at once may wait in memory here.
    await using server = await serve((peer) => {
      server.hold(peer);
      peer.on("data", (bytes) => peer.write(bytes)).on("end", () => peer.end());
    });
    const client = dial(adapter, server.address);
    let offset = 0;
    let heldBack = 0;
    const pump = () => {
      while (offset < sent.length) {
        const piece = sent.subarray(offset, offset + 100_000);
        offset += piece.length;
        if (!client.socket.write(piece)) {
          if (++heldBack === 1) void server.peer().then((peer) => server.release(peer));
          return;
        }
      }
      client.socket.end();
    };
    client.during[ready] = pump;
    client.during.drain = pump;
    await client.seen("close");
    assert.equal(client.error, undefined);
    assert.ok(same(client.bytes, sent));
    assert.ok(heldBack > 0);
    assert.ok(client.drains === heldBack || client.drains === heldBack - 1, "the last one may fall to end()");
  });

  check("writes past a held-back one keep their order and share one drain, after which small ones pass", async () => {
    const sent = pattern(8 * MiB);
    await using server = await serve();
    const client = dial(adapter, server.address);
    await client.seen(ready);
    const peer = await server.peer();
    server.hold(peer);
    const answers = [0, 1, 2, 3].map((i) => client.socket.write(sent.subarray(i * 2 * MiB, (i + 1) * 2 * MiB)));
    assert.equal(answers.at(-1), false);
    await settle();
    assert.equal(client.drains, 0);
    const upload = collect(peer);
    server.release(peer);
    await client.seen("drain");
    for (let i = 0; i < 3; i++) {
      assert.equal(client.socket.write(encode("more")), true);
      peer.write("an answer"); // traffic, a pause and a resume: occasions for a drain that nobody is owed
      await client.received((i + 1) * 9);
      client.socket.pause();
      client.socket.resume();
    }
    client.socket.end();
    assert.ok(same(await upload, concatBytes([sent, encode("moremoremore")])));
    assert.equal(client.drains, 1);
    client.socket.destroy();
  });

  if (!wire.upgraded) {
    check("writes and an end before the open are sent once it is open", async () => {
      await using server = await serve();
      const client = dial(adapter, server.address);
      client.socket.write(encode("early "));
      client.socket.write(encode("bird"));
      client.socket.end();
      const peer = await server.peer();
      assert.equal(decode(await collect(peer)), "early bird");
      peer.end();
      await client.seen("close");
      assert.equal(client.error, undefined);
    });
  }

  check("a pause makes the peer's writes stall, a resume brings everything", async () => {
    const sent = pattern(MiB);
    const rounds = 48; // past what both kernels buffer (tcp_rmem and tcp_wmem: 6 and 4 MiB)
    let accepted = 0;
    await using server = await serve((peer) => {
      const next = () => {
        if (accepted === rounds) peer.end();
        else peer.write(sent, () => (accepted += 1, next()));
      };
      next();
    });
    const client = dial(adapter, server.address);
    client.during.data = () => {
      client.socket.pause();
      client.during = {};
    };
    await client.seen("data");
    const stalledAt = await stable(() => accepted);
    assert.ok(stalledAt < rounds / 2, `the peer got rid of ${stalledAt} MiB`);
    const receivedAt = client.receivedBytes;
    client.socket.resume();
    assert.equal(client.receivedBytes, receivedAt, "nothing arrives inside resume()");
    await client.seen("end");
    assert.equal(accepted, rounds);
    assert.ok(same(client.bytes, concatBytes(Array.from({ length: rounds }, () => sent))));
    client.socket.destroy();
  });

  check("nothing is told while paused, also where the pause comes outside a callback or before the open", async () => {
    await using server = await serve();
    const client = dial(adapter, server.address);
    client.socket.pause();
    const peer = await server.peer();
    peer.write("one");
    await client.seen(ready);
    await settle();
    assert.deepEqual(told(client.events), ["open"]);
    client.socket.resume();
    await client.received(3);
    client.socket.pause();
    peer.end("two");
    await settle();
    assert.equal(client.text, "one");
    client.socket.resume();
    await client.seen("end");
    assert.equal(client.text, "onetwo");
    assert.deepEqual(told(client.events), ["open", "data", "end"]);
    client.socket.destroy();
  });

  check("pausing and resuming at every chunk loses nothing", async () => {
    const sent = pattern(4 * MiB);
    await using server = await serve((peer) => peer.end(sent));
    const client = dial(adapter, server.address);
    let chunks = 0;
    client.during.data = () => {
      client.socket.pause();
      if (++chunks % 2 === 0) client.socket.resume();
      else setTimeout(() => client.socket.resume(), 0);
    };
    await client.seen("end");
    assert.ok(same(client.bytes, sent));
    client.socket.destroy();
  });

  check("a view is right during the call and a copy of it stays right", async () => {
    await using server = await serve();
    const client = dial(adapter, server.address);
    const other = dial(adapter, server.address);
    await Promise.all([client.seen(ready), other.seen(ready)]);
    const [first, second] = [await server.peer(0), await server.peer(1)];
    const inCall: string[] = [];
    client.during.data = other.during.data = (view) => inCall.push(decode(view!));
    for (const [index, word] of ["alpha", "bravo", "charl", "delta"].entries()) {
      (index % 2 === 0 ? first : second).write(word);
      await waitFor(() => inCall.length === index + 1, word);
    }
    assert.deepEqual(inCall, ["alpha", "bravo", "charl", "delta"]);
    assert.deepEqual([client.text, other.text].sort(), ["alphacharl", "bravodelta"]);
    client.socket.destroy();
    other.socket.destroy();
  });

  check("a destroy in mid-dial is followed by no callback, and the peer keeps no connection", async () => {
    await using server = await serve((peer) => peer.resume());
    const dropped = Array.from({ length: 20 }, () => dial(adapter, server.address));
    for (const client of dropped) client.socket.destroy();
    const dead = dial(adapter, wire.to({ host: "127.0.0.1", port: await deadPort() }));
    dead.socket.destroy();
    const witness = dial(adapter, server.address); // dialed last, so what was to come of the others has come
    await witness.seen(ready);
    await settle();
    for (const client of [...dropped, dead]) assert.deepEqual(client.events, []);
    await waitFor(() => server.connections().live === 1, "the dropped to be gone");
    witness.socket.destroy();
  });

  check("a destroy while the peer does not answer is followed by no callback", async () => {
    await using deaf = await DeafServer.start();
    const address = wire.to({ host: "127.0.0.1", port: deaf.port });
    const clients = Array.from({ length: 600 }, () => dial(adapter, address)); // Bun listens with a queue of 512
    await settle();
    const pending = clients.filter((client) => !client.has("open")); // the others stand in the queue of the listener
    assert.ok(pending.length > 0);
    for (const client of clients) client.socket.destroy();
    await deaf.stop(); // now what is still under way would be refused
    await settle();
    for (const client of pending) assert.deepEqual(client.events, []);
  });

  for (const name of new Set<EventName>(["open", ready, "data", "drain", "end", "close"])) {
    const opening = name === "open" || name === ready;
    check(`a destroy inside ${name} is followed by no callback`, async () => {
      await using server = await serve((peer) => {
        if (opening) return;
        server.hold(peer);
        peer.end("data and FIN");
        setTimeout(() => (server.release(peer), peer.resume()), 50); // late, so that a drain is owed by then
      });
      const client = dial(adapter, server.address);
      let at: EventName[] = [];
      client.during[name] = () => {
        client.socket.destroy();
        client.socket.destroy();
        at = [...client.events];
      };
      await client.seen(opening ? name : ready);
      if (!opening) client.socket.write(pattern(16 * MiB));
      if (name === "close") client.socket.end();
      await client.seen(name);
      await waitFor(() => server.connections().ended === 1, "the peer to see the end");
      await settle();
      assert.deepEqual(client.events, at);
    });
  }

  check("a destroy of a socket with unsent bytes gives it up at once", async () => {
    await using server = await serve();
    const client = dial(adapter, server.address);
    await client.seen(ready);
    const peer = await server.peer();
    server.hold(peer);
    const sent = pattern(32 * MiB);
    assert.equal(client.socket.write(sent), false);
    client.socket.destroy();
    const upload = collect(peer);
    server.release(peer);
    const arrived = await upload;
    assert.ok(arrived.length < sent.length);
    assert.deepEqual(told(client.events), ["open"]);
  });

  check("a destroy of a quiet socket shows the peer a FIN, not a reset", async () => {
    await using server = await serve((peer) => peer.on("data", (bytes) => peer.write(bytes)));
    const client = dial(adapter, server.address);
    client.during[ready] = () => client.socket.write(encode("ping"));
    await client.received(4);
    const seen: string[] = [];
    const peer = await server.peer();
    peer.on("end", () => (seen.push("end"), peer.end())).on("error", (error) => seen.push(String(error)));
    client.socket.destroy();
    await waitFor(() => peer.destroyed, "the peer's close");
    assert.deepEqual(seen, ["end"]);
  });

  // Linux shows each socket's timer; nothing that all three runtimes have does.
  if (process.platform === "linux") {
    check("an idle connection has its TCP keep-alive armed", async () => {
      await using server = await serve();
      const client = dial(adapter, server.address);
      await client.seen(ready);
      await waitFor(() => timerTowards(server.port) === KEEP_ALIVE_TIMER, "the keep-alive timer");
      client.socket.destroy();
    });
  }

  check("a handover sends what comes from then on to another handler, also from within a callback", async () => {
    await using server = await serve();
    const first = dial(adapter, server.address);
    const second = new Recorder();
    await first.seen(ready);
    const peer = await server.peer();
    peer.write("one");
    await first.received(3);
    second.socket = first.socket;
    first.socket.handover(second);
    const at = [...first.events];
    peer.write("two");
    await second.received(3);
    const third = new Recorder();
    third.socket = second.socket;
    second.during.data = () => second.socket.handover(third);
    peer.write("three");
    await second.received(8);
    server.hold(peer);
    third.socket.write(pattern(16 * MiB));
    server.release(peer);
    peer.end();
    peer.resume();
    await third.seen("drain");
    third.socket.end();
    await third.seen("close");
    assert.equal(third.error, undefined);
    assert.deepEqual(first.events, at);
    assert.deepEqual([second.events, second.text], [["data"], "twothree"]);
    assert.deepEqual(withoutDrain(third.events), ["end", "close"]);
  });

  check("a handover of a destroyed socket brings nothing", async () => {
    await using server = await serve((peer) => peer.end("too late"));
    const first = dial(adapter, server.address);
    const second = new Recorder();
    first.during.open = () => {
      first.socket.destroy();
      first.socket.handover(second);
    };
    await first.seen("open");
    await settle();
    assert.deepEqual([first.events, second.events], [["open"], []]);
  });

  if (!wire.upgraded) {
    const cases = [
      ["unref", false],
      ["unref ref", true],
      ["pause", false],
      ["pause resume", true],
      ["unref pause resume", false],
    ] as const;
    for (const [calls, lives] of cases) {
      check(`after ${calls} an open connection ${lives ? "keeps" : "does not keep"} the process alive`, async () => {
        await using server = await serve();
        const child = idleClient(adapter.name, server.address, calls);
        const peer = await server.peer();
        if (lives) setTimeout(() => peer.write("go"), 500); // by then a process that nothing keeps is gone
        assert.equal(await child, lives ? "idle, told go" : "idle");
      });
    }

    for (const calls of ["pause write", "write pause"]) {
      check(`after ${calls} an open connection keeps the process alive until all is sent`, async () => {
        await using server = await serve((peer) => {
          peer.pause();
          setTimeout(() => peer.resume(), 500); // by then a process that nothing keeps is gone
        });
        assert.equal(await idleClient(adapter.name, server.address, calls), "idle, sent");
      });
    }
  }

  check("calls on a closed socket do nothing", async () => {
    await using server = await serve((peer) => peer.end());
    const client = dial(adapter, server.address);
    client.during[ready] = () => client.socket.end();
    await client.seen("close");
    const at = [...client.events];
    client.socket.write(encode("late"));
    client.socket.pause();
    client.socket.resume();
    client.socket.end();
    client.socket.unref();
    client.socket.ref();
    client.socket.handover(client);
    client.socket.destroy();
    await settle();
    assert.deepEqual(client.events, at);
  });

  check("no callback runs inside a call to the socket", async () => {
    await using server = await serve((peer) => peer.end("last words").resume());
    const client = dial(adapter, server.address);
    let inCall = false;
    const nested: string[] = [];
    for (const name of ["open", "data", "drain", "end", "close"] as const) {
      client.during[name] = () => {
        if (inCall) nested.push(name);
      };
    }
    const call = (action: () => void) => {
      inCall = true;
      action();
      inCall = false;
    };
    await client.seen("end");
    call(() => client.socket.pause());
    call(() => client.socket.resume());
    call(() => client.socket.write(pattern(4 * MiB)));
    call(() => client.socket.end());
    await client.seen("close");
    const reset = dial(adapter, server.address);
    await reset.seen("end");
    reset.during.close = () => inCall && nested.push("close of a reset one");
    server.reset(await server.peer(1));
    blockMs(20); // the reset is here, the runtime has not looked
    call(() => reset.socket.write(encode("x")));
    call(() => reset.socket.write(encode("x")));
    call(() => reset.socket.end());
    await reset.seen("close");
    assert.deepEqual(nested, []);
  });

  check("a unix path carries bytes both ways", async () => {
    const folder = mkdtempSync(join(tmpdir(), "loadgen-"));
    try {
      await using server = await serve((peer) => peer.pipe(peer), join(folder, "echo.sock"));
      const client = dial(adapter, server.address);
      const sent = pattern(MiB);
      client.during[ready] = () => {
        client.socket.write(sent);
        client.socket.end();
      };
      await client.seen("close");
      assert.equal(client.error, undefined);
      assert.ok(same(client.bytes, sent));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  check("1,000 sockets at once each get their own answer", async () => {
    await using server = await serve((peer) => peer.pipe(peer));
    const clients = Array.from({ length: 1000 }, (_, i) => {
      const client = dial(adapter, server.address);
      client.during[ready] = () => client.socket.write(encode(`number ${i}`));
      client.during.data = () => client.text === `number ${i}` && client.socket.end();
      return client;
    });
    await Promise.all(clients.map((client) => client.seen("close")));
    for (const [i, client] of clients.entries()) {
      assert.equal(client.error, undefined);
      assert.equal(client.text, `number ${i}`);
      assert.deepEqual(told(client.events), ["open", "data", "end", "close"]);
    }
  });
}

/** proc_net_tcp.txt in the kernel's documentation: the timer is armed, and it is the keep-alive's. */
const KEEP_ALIVE_TIMER = "02";

/** The `tr` column of /proc/net/tcp for the connected socket whose remote port this is. */
function timerTowards(port: number): string | undefined {
  const remote = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const line of readFileSync("/proc/net/tcp", "utf8").split("\n")) {
    const [, , remoteAddress, state, , timer] = line.trim().split(/\s+/);
    if (remoteAddress?.endsWith(remote) && state === "01") return timer?.slice(0, 2);
  }
  return undefined;
}

/** What tests/support/idle_client.ts prints before it exits; killed after a while, and then that. */
function idleClient(adapter: string, address: Address, calls: string): Promise<string> {
  const child = startScript("idle_client", [adapter, JSON.stringify(address), ...calls.split(" ")]);
  const deadline = setTimeout(() => child.kill("SIGKILL"), 10_000);
  let printed = "";
  child.stdout!.on("data", (bytes) => printed += bytes);
  return new Promise((resolve) => {
    child.once("close", (code, signal) => {
      clearTimeout(deadline);
      resolve(code === 0 ? printed : `${printed}, then ${code ?? signal}`);
    });
  });
}

const withoutDrain = (events: EventName[]): EventName[] => events.filter((name) => name !== "drain");

function blockMs(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
