// HTTP/1.1 as one transport speaks it: makes connections of open sockets, and counts what their loops are doing.

import { Roster } from "../../core/roster.ts";
import { type HeldBody, heldBodyOf } from "../body/held_body.ts";
import type { Census, Loops, Traffic } from "../census.ts";
import { loopCensus } from "../loop_census.ts";
import type { Settings } from "../options/options.ts";
import type { Connect } from "../pool/connection.ts";
import { PersistentConnection, type Shared } from "./persistent_connection.ts";
import { READ_LOOP_STATES } from "./read_loop_states.ts";
import { WRITE_LOOP_STATES } from "./write_loop.ts";

export class Http1 implements Shared {
  readonly settings: Settings;
  readonly traffic: Traffic;
  readonly open: Roster<PersistentConnection> = new Roster();

  /** Adds its bytes to `traffic`. */
  constructor(settings: Settings, traffic: Traffic) {
    this.settings = settings;
    this.traffic = traffic;
  }

  /** For the pool; needs no `this`. */
  readonly connect: Connect = (owner, socket, tls) => new PersistentConnection(this, owner, socket, tls);

  /** The bodies that its connections hold now. */
  heldBodies(): HeldBody[] {
    const held: HeldBody[] = [];
    for (const { readLoop: { unread }, exchange } of this.open.all()) {
      if (unread !== undefined) held.push(heldBodyOf(exchange!.request!, exchange!.caller, unread));
    }
    return held;
  }

  /** What the loops of all its connections are doing now. A loop that awaits a read has a body that nobody reads. */
  census(): Loops & Pick<Census, "heldBodies"> {
    const open = this.open.all();
    const readLoops = loopCensus(READ_LOOP_STATES, open.map(({ readLoop }) => readLoop.counted));
    const writeLoops = loopCensus(WRITE_LOOP_STATES, open.map(({ writeLoop }) => writeLoop.counted));
    return { heldBodies: readLoops["awaitingBodyRead"] ?? 0, readLoops, writeLoops };
  }
}
