/** What the pool and its connections are doing at one moment. */
export interface Census {
  /** inUse + idle. */
  readonly live: number;
  readonly dialing: number;
  readonly inUse: number;
  readonly idle: number;
  /** Requests that have no connection yet. */
  readonly waiting: number;
  /** How many connections' loops are in which state, without the states that none is in. */
  readonly readLoops: Readonly<Record<string, number>>;
  readonly writeLoops: Readonly<Record<string, number>>;
  readonly totals: {
    /** Connections opened: dialed = live + all of closed. */
    readonly dialed: number;
    /** Requests that went out on a connection that had served before. */
    readonly reused: number;
    readonly retried: number;
    /** Connections closed, by reason. */
    readonly closed: Readonly<Record<string, number>>;
  };
}
