// Runs that never were, with what is true of them: samples, counts and census as a real run leaves them, made from a seed.
// They are what the leak verdict is tried on, in numbers that real runs would take hours for.

import { StateSamples } from "../../lib/load/slopes.ts";
import type { judgeLeak } from "../../lib/result/leak_verdict.ts";
import { randomNumbers } from "./result_fixture.ts";

type LeakFacts = Parameters<typeof judgeLeak>[0];

/** What is true of a run. */
export type Truth = "leaks bodies" | "leaks memory" | "leaks nothing";

export interface SyntheticRun {
  readonly kind: string;
  readonly truth: Truth;
  /** Of a leak: how many bodies such a run holds on average. */
  readonly expectedHeld: number;
  readonly facts: LeakFacts;
}

const MIB = 1024 * 1024;

/** How a run goes: what a kind sets, at an instant from 0 to 1 of the run. */
interface Course {
  readonly seconds: number;
  readonly rps: number;
  /** Of the rate, at an instant; 1 by default. */
  readonly rateAt?: (at: number) => number;
  /** How many a second the server answers at most. */
  readonly capacity?: number;
  readonly latencyMs?: number;
  /** Connections beyond those under way. */
  readonly idleAt?: (at: number) => number;
  /** Memory beyond noise and connections. */
  readonly extraBytesAt?: (at: number) => number;
  readonly bytesPerRequest?: number;
  /** One request in so many holds its body. */
  readonly holdsOneIn?: number;
}

/** A course drawn at random, of a kind. */
type Kind = readonly [name: string, truth: Truth, course: (random: () => number) => Course];

const between = (random: () => number, low: number, high: number) => low + (high - low) * random();
/** As often from 1 to 10 as from 10 to 100. */
const scaled = (random: () => number, low: number, high: number) => low * (high / low) ** random();

const any = (random: () => number) => ({ seconds: Math.round(between(random, 4, 60)), rps: scaled(random, 20, 5000) });

export const KINDS: readonly Kind[] = [
  ["steady, with noise", "leaks nothing", (random) => ({ ...any(random), latencyMs: scaled(random, 0.2, 50) })],
  ["saw-teeth of collections", "leaks nothing", (random) => {
    const [height, length, phase] = [between(random, 5, 80) * MIB, between(random, 0.02, 0.7), random()];
    return { ...any(random), extraBytesAt: (at) => height * ((at / length + phase) % 1) };
  }],
  ["one-time growth", "leaks nothing", (random) => {
    const [height, when] = [between(random, 16, 400) * MIB, random()];
    return { ...any(random), extraBytesAt: (at) => at < when ? 0 : height };
  }],
  ["two steps", "leaks nothing", (random) => {
    const [height, first, second] = [between(random, 30, 150) * MIB, random(), random()];
    return { ...any(random), extraBytesAt: (at) => height * (Number(at >= first) + Number(at >= second)) };
  }],
  ["warm-up", "leaks nothing", (random) => {
    const [height, share] = [between(random, 10, 300) * MIB, between(random, 0.03, 0.4)];
    return { ...any(random), extraBytesAt: (at) => height * (1 - Math.exp(-at / share)) };
  }],
  ["ramp of the rate", "leaks nothing", (random) => {
    const latencyMs = scaled(random, 1, 1500);
    const heap = between(random, 0, 40) * MIB;
    return { ...any(random), latencyMs, rateAt: (at) => at, extraBytesAt: (at) => heap * at };
  }],
  ["overload", "leaks nothing", (random) => {
    const course = any(random);
    return { ...course, capacity: course.rps * between(random, 0.1, 0.95) };
  }],
  ["slow server", "leaks nothing", (random) => ({ ...any(random), latencyMs: between(random, 300, 5000) })],
  ["pool that fills", "leaks nothing", (random) => {
    const [most, share] = [scaled(random, 8, 4000), between(random, 0.1, 3)];
    return { ...any(random), idleAt: (at) => Math.round(most * Math.min(1, at / share)) };
  }],
  ["idle connections that the server closes", "leaks nothing", (random) => {
    const [most, length] = [scaled(random, 8, 2000), between(random, 0.05, 0.5)];
    return { ...any(random), idleAt: (at) => Math.round(most * ((at / length) % 1)) };
  }],
  ["memory that each request leaves", "leaks memory", (random) => {
    const course = any(random);
    const total = between(random, 200, 800) * MIB;
    return { ...course, bytesPerRequest: Math.max(600, total / (course.rps * course.seconds)) };
  }],
  ...[1, 2, 10, 100, 200, 1000, 10_000].map((oneIn): Kind => [
    `1 in ${oneIn} holds its body`,
    "leaks bodies",
    (random) => ({ ...any(random), holdsOneIn: oneIn, idleAt: () => Math.round(scaled(random, 1, 100)) }),
  ]),
];

/** A run of a kind: the same seed gives the same run. */
export function syntheticRun([kind, truth, courseOf]: Kind, seed: number): SyntheticRun {
  const random = randomNumbers(seed);
  const course = courseOf(random);
  const samples = new StateSamples();
  const ticks = course.seconds * 10;
  const base = between(random, 40, 120) * MIB;
  const noise = between(random, 0.1, 3) * MIB;
  const memory = between(random, 0, 0.95);
  const bytesPerOpen = between(random, 2, 40) * 1024;
  const answeredLater: number[] = [];
  let [drift, offered, answered, held, dialed, liveNow, peak] = [0, 0, 0, 0, 0, 0, 0];
  let backlog = 0;
  let firstLive: number | undefined;
  for (let tick = 1; tick <= ticks; tick++) {
    const at = tick / ticks;
    const sent = Math.round(course.rps * (course.rateAt?.(at) ?? 1) * 0.1 + random() - 0.5);
    offered += Math.max(0, sent);
    answeredLater.push(Math.max(0, sent));
    backlog += answeredLater[tick - 1 - Math.round((course.latencyMs ?? 0) / 100)] ?? 0;
    const done = Math.min(backlog, Math.round((course.capacity ?? Infinity) * 0.1));
    backlog -= done;
    for (let i = 0; i < done && course.holdsOneIn !== undefined; i++) held += Number(random() * course.holdsOneIn < 1);
    answered += done;
    const open = offered - answered + Math.round(course.rps * Math.min(course.latencyMs ?? 1, 100) / 1000);
    liveNow = open + held + (course.idleAt?.(at) ?? 0);
    peak = Math.max(peak, liveNow);
    firstLive ??= liveNow;
    dialed = Math.max(dialed, peak);
    drift = memory * drift + (random() - 0.5) * noise;
    const rss = base + drift + liveNow * bytesPerOpen + (course.extraBytesAt?.(at) ?? 0) +
      answered * (course.bytesPerRequest ?? 0);
    samples.add([answered, liveNow, Math.round(rss), held]);
  }
  const inUse = liveNow - (course.idleAt?.(1) ?? 0);
  return {
    kind,
    truth,
    expectedHeld: course.holdsOneIn === undefined ? 0 : answered / course.holdsOneIn,
    facts: {
      socket: "node",
      heldBodies: held,
      byRequest: [{ name: "GET /", held }],
      census: {
        live: liveNow,
        heldBodies: held,
        dialing: 0,
        inUse,
        idle: liveNow - inUse,
        waiting: 0,
        readLoops: { awaitingHead: inUse - held, awaitingBodyRead: held },
        writeLoops: {},
        totals: { dialed, reused: 0, retried: 0, closed: {} },
      },
      live: { start: firstLive ?? 0, peak, end: liveNow },
      rssBytes: { start: 0, peak: 0, end: 0 }, // nothing but a run that settles is compared with it
      requests: {
        offered,
        completed: answered,
        failed: 0,
        inFlight: offered - answered,
        unsent: 0,
        byStatus: { "200": answered },
        byError: {},
      },
      slopes: samples,
    },
  };
}
