// The plan: what a run will do, validated and in plain data, without an optional left open.

import { isPath } from "./value/target_url.ts";
import type { Threshold } from "./value/threshold.ts";

/** What is done with each response body: read to its end, closed unread, or neither (held: the leak). */
export type BodyPolicy = "read" | "close" | "hold";

/** How closely requests are sent to the instant they are due: "precise" to some µs, "economy" to a timer's ms or two. */
export type Pacing = "precise" | "economy";

/** Which socket adapter: the runtime's fastest, the `node:net` base, or the runtime's own. */
export type SocketChoice = "auto" | "node" | "native";

/** Who sends: loadgen's own transport, or the runtime's `fetch`. */
export type ClientName = "loadgen" | "fetch";

/** How a run goes through several requests: by weight, at random from the seed, or in their order, each sender for itself. */
export type Flow = "weighted" | "sequence";

/** What a response must be like; undefined parts do not matter. */
export interface ExpectPlan {
  /** Codes, or classes of them such as "2xx"; undefined: any. */
  readonly status: readonly (number | string)[] | undefined;
  /** A text that a field must equal, or /a regular expression/. */
  readonly headers: readonly (readonly [name: string, expected: string])[];
  readonly bodyIncludes: string | undefined;
}

/** One request. Its URL, header values, user and body are templates: what they stand for is known where the plan runs. */
export interface RequestPlan {
  readonly name: string;
  /** Where it stands in the scenario, for errors: "request", "requests[0]". */
  readonly path: string;
  /** How often it is chosen, beside the others' weights. */
  readonly weight: number;
  readonly method: string;
  /** An absolute http or https URL, or a path, which begins with / and counts from `baseUrl`. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** "name:password" for Basic authentication, a template too; undefined: what the URL says. */
  readonly user: string | undefined;
  readonly body: string | undefined;
  /** The file whose bytes are the body; those are among a run's inputs. */
  readonly bodyFile: string | undefined;
  /** Values are escaped as in a JSON string. */
  readonly bodyIsJson: boolean;
  readonly bodyPolicy: BodyPolicy;
  /** From due to the last byte; 0: no limit. */
  readonly timeoutMs: number;
  readonly expect: ExpectPlan;
}

/** Rows that templates take values from. Files go by their paths; what is in them is among a run's inputs. */
export interface FeederPlan {
  readonly file: string;
  /** What its columns are called by, as in {{as.column}}; undefined: by their own names alone. */
  readonly as: string | undefined;
  /** Sequential: the run ends when no row is left. */
  readonly mode: "circular" | "random" | "sequential";
}

/** From the rate before in a straight line to this one; a duration of 0 sets it at once. */
export interface Stage {
  readonly durationMs: number;
  readonly rps: number;
}

/** Open loop where a rate, stages or timestamps say when requests are due; else closed loop. */
export interface LoadPlan {
  readonly client: ClientName;
  /** Requests per second in total; with `stages`, the rate at which the first begins. */
  readonly rps: number | undefined;
  /** How the rate changes; the sum of their durations is the longest that `durationMs` may be. */
  readonly stages: readonly Stage[] | undefined;
  /** Evenly at the rate, or at random. */
  readonly arrivals: "constant" | "poisson";
  /** What random arrivals are drawn from; each run draws the same. */
  readonly seed: number;
  /** A file of instants, one for each request; those are among a run's inputs. */
  readonly timestamps: string | undefined;
  /** When dispatching ends; undefined: only `requests` ends it. */
  readonly durationMs: number | undefined;
  /** How many requests are offered at most; undefined: only `durationMs` ends it. */
  readonly requests: number | undefined;
  /** Closed loop: how many connections send where bodies are read, with `pipeline` senders each. Open loop: not used. */
  readonly connections: number;
  /** Closed loop: requests under way on each connection at once, each a sender's. */
  readonly pipeline: number;
  /** Closed loop: how long a sender waits between its requests. */
  readonly thinkTimeMs: number;
  /** How many threads send, each a share of it. */
  readonly workers: number;
  /** How long to wait for requests in flight after the last one was offered. */
  readonly graceMs: number;
  /** Open loop: how closely requests are sent to when they are due. */
  readonly pacing: Pacing;
  /** How long the same load runs before anything is counted; 0: not at all. */
  readonly warmupMs: number;
  /** How long it goes on uncounted, so that the last counted requests meet the same load. */
  readonly cooldownMs: number;
  /** How long nothing is sent at the end, before it is counted what is still open; 0: it is not. */
  readonly settleMs: number;
}

/** Whether requests are due at instants of their own, whatever the server does. */
export function isOpenLoop(load: Pick<LoadPlan, "rps" | "stages" | "timestamps">): boolean {
  return load.rps !== undefined || load.stages !== undefined || load.timestamps !== undefined;
}

/** Whether requests go out as fast as something allows: a closed loop without time to think. */
export function isUnpaced(load: LoadPlan): boolean {
  return !isOpenLoop(load) && load.thinkTimeMs === 0;
}

/** How many requests a closed loop has under way. */
export function sendersOf({ connections, pipeline }: LoadPlan): number {
  return connections * pipeline;
}

export interface TransportPlan {
  readonly disableKeepAlives: boolean;
  /** Idle connections kept per host; undefined: no limit. */
  readonly maxIdleConnsPerHost: number | undefined;
  /** Connections per host, dialing and in use and idle; undefined: no limit. */
  readonly maxConnsPerHost: number | undefined;
  /** 0: idle connections are kept for ever. */
  readonly idleConnTimeoutMs: number;
  /** Whether an early close may drain a short rest and keep the connection, as Go 1.27 does. */
  readonly drainOnClose: boolean;
  /** Path of a unix socket that every request goes through. */
  readonly unixSocket: string | undefined;
  /** URL of the proxy, maybe with a password; "environment": what HTTP_PROXY, HTTPS_PROXY and NO_PROXY say; undefined: none. */
  readonly proxy: string | undefined;
  readonly socket: SocketChoice;
}

/** How https is spoken. Files go by their paths; what is in them is among a run's inputs, so that no result holds a key. */
export interface TlsPlan {
  /** Take any certificate. */
  readonly insecure: boolean;
  /** PEM file of the authorities to trust; undefined: the runtime's own. */
  readonly cacert: string | undefined;
  /** PEM file of the client's certificate, and that of its key. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** The name to ask for and to verify; undefined: the URL's host. */
  readonly servername: string | undefined;
}

/** How the embedded target answers. */
export interface TargetPlan {
  readonly bodyBytes: number;
  /** If given, each body's size is random from `bodyBytes` to this, both included. */
  readonly bodyBytesMax: number | undefined;
  readonly latencyMs: number;
  readonly chunked: boolean;
  /** 0: the body at once; else its time from first to last byte, sent in ten pieces. */
  readonly slowBodyMs: number;
}

export interface Plan {
  readonly name: string;
  readonly description: string;
  /** What paths count from; undefined: the embedded target, whose address is known once it runs. */
  readonly baseUrl: string | undefined;
  /** One or more. */
  readonly requests: readonly RequestPlan[];
  readonly flow: Flow;
  /** What random choices and numbers begin from: the same seed, the same requests. */
  readonly seed: number;
  /** Values by name, for templates. They may name environment variables, whose values are in no plan. */
  readonly variables: Readonly<Record<string, string>>;
  readonly feeders: readonly FeederPlan[];
  readonly load: LoadPlan;
  readonly transport: TransportPlan;
  readonly tls: TlsPlan;
  readonly target: TargetPlan;
  /** What the run is held to. */
  readonly thresholds: readonly Threshold[];
  /** Whether it fails unless its verdict is that nothing leaks. */
  readonly failOnLeak: boolean;
}

/** Whether the plan needs the embedded target: a path counts from an address that nobody gave. */
export function usesTarget({ baseUrl, requests }: Plan): boolean {
  return baseUrl === undefined && requests.some(({ url }) => isPath(url));
}
