/** How requests come. */
export type BenchLoad =
  /** Each connection sends as soon as it can, with so many requests on the way at once. */
  | { readonly kind: "closed"; readonly pipelining: number }
  /** At so many requests a second, whatever the server does. */
  | { readonly kind: "open"; readonly rps: number }
  /** So many connections are opened, each with a request whose response body is neither read nor closed. */
  | { readonly kind: "hold"; readonly held: number };

/** One thing to measure. */
export interface BenchCase {
  readonly name: string;
  /** On the target. */
  readonly path: string;
  readonly tls: boolean;
  readonly connections: number;
  /** False: a connection per request. */
  readonly keepAlive: boolean;
  readonly load: BenchLoad;
  /** How many threads or workers a client may use: it runs once with each number that it is able to. */
  readonly workers: readonly number[];
  /** Who takes part beside loadgen: beginnings of peers' names; undefined: everyone who can. */
  readonly beside: readonly string[] | undefined;
}

/** A case as it is put to one peer. */
export interface Task extends Omit<BenchCase, "workers" | "beside"> {
  readonly url: string;
  readonly seconds: number;
  readonly workers: number;
}

/** True where the client is not pinned to a core: several workers need them all, and who sends at a rate a thread that wakes it. */
export function wantsAllCores({ workers, load }: BenchCase): boolean {
  return workers.some((count) => count > 1) || load.kind === "open";
}
