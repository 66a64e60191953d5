// What a transport knows about itself: counts that stand at any time, and the census, which is a copy of all of them.

/** How many connections stand where, and how many requests have none. */
export interface Counts {
  dialing: number;
  inUse: number;
  idle: number;
  /** Requests that have no connection yet. */
  waiting: number;
}

/** Bytes on the wire, of all connections together. */
export interface Traffic {
  bytesSent: number;
  bytesReceived: number;
}

/** How many connections' loops are in which state, without the states that none is in. */
export interface Loops {
  readonly readLoops: Readonly<Record<string, number>>;
  readonly writeLoops: Readonly<Record<string, number>>;
}

/** What came of connections and requests so far. */
export interface Totals {
  /** Connections opened: dialed = live + all of closed. */
  readonly dialed: number;
  /** Requests that went out on a connection that had served before. */
  readonly reused: number;
  readonly retried: number;
  /** Connections closed, by `CloseReason`. */
  readonly closed: Readonly<Record<string, number>>;
}

/** What the pool and its connections are doing at one moment. */
export interface Census extends Readonly<Counts>, Loops {
  /** inUse + idle. */
  readonly live: number;
  /** Bodies that were delivered, are neither at their end nor given up, and that nobody reads now: each has a connection. */
  readonly heldBodies: number;
  readonly totals: Totals;
}
