// Random programs, the same for the same seed. Only ones whose outcome Go settles: see deviations.ts for what is left out.

import type { PoolOptions, Program, RequestSpec, Script, Step } from "./program.ts";
import { Random } from "./random.ts";
import { type Feature, type Kind, KINDS } from "./response_scripts.ts";

export interface GeneratorOptions {
  readonly features: ReadonlySet<Feature>;
  /** Go 1.x: newer Go is stricter, and programs that tell are left out for the older. */
  readonly goMinor: number;
}

/** Expires in any case between two steps, and never within one. */
const SHORT_IDLE_MS = 5;
/** Longer than any answer that comes by itself takes, also on a busy machine. */
const HEADER_TIMEOUT_MS = 250;

/** The program with this number of the run with this seed. */
export function generate(seed: number, number: number, options: GeneratorOptions): Program {
  return new Generator(new Random(Math.imul(seed, 0x9E3779B1) ^ Math.imul(number + 1, 0x85EBCA6B)), options).make(
    number,
  );
}

class Generator {
  readonly #random: Random;
  readonly #options: GeneratorOptions;
  readonly #scripts: Script[] = [];
  readonly #steps: Step[] = [];
  /** Those started, newest last, and what was chosen for each. */
  readonly #started: { readonly spec: RequestSpec; readonly kind: Kind }[] = [];
  #kinds: readonly Kind[] = KINDS;
  #pool!: PoolOptions;
  #hosts = 1;
  #nextId = 0;
  #sawEarly = false;

  constructor(random: Random, options: GeneratorOptions) {
    this.#random = random;
    this.#options = options;
  }

  make(number: number): Program {
    const random = this.#random;
    this.#pool = this.#makePool();
    this.#hosts = random.weighted([[6, 1], [2, 2], [1, 3]]);
    const { goMinor, features } = this.#options;
    this.#kinds = KINDS.filter((kind) =>
      (kind.feature === undefined || features.has(kind.feature)) && goMinor >= (kind.sinceGo ?? 0) &&
      !(kind.surplus === true && this.#pool.maxConnsPerHost > 0)
    );
    for (let left = random.int(4, 14); left > 0; left--) this.#addStep();
    return {
      number,
      options: this.#pool,
      hosts: this.#hosts,
      settleMs: this.#settleMs(),
      scripts: this.#scripts,
      steps: this.#steps,
    };
  }

  #makePool(): PoolOptions {
    const random = this.#random;
    return {
      maxIdleConns: random.weighted([[5, 0], [1, 1], [1, 2], [1, 3]]),
      maxIdleConnsPerHost: random.weighted([[4, 0], [1, -1], [2, 1], [1, 2], [2, 5]]),
      maxConnsPerHost: random.weighted([[5, 0], [2, 1], [2, 2], [1, 3]]),
      disableKeepAlives: random.chance(0.08),
      idleConnTimeoutMs: random.weighted([[8, 0], [1, SHORT_IDLE_MS], [1, 60_000]]),
      responseHeaderTimeoutMs: random.chance(0.06) ? HEADER_TIMEOUT_MS : 0,
      expectContinueTimeoutMs: random.weighted([[1, 0], [1, 30]]),
      maxResponseHeaderBytes: random.weighted([[6, 0], [1, 300], [1, 5000]]),
      disableCompression: !this.#options.features.has("gzip") || random.chance(0.3),
    };
  }

  #settleMs(): number {
    if (this.#pool.responseHeaderTimeoutMs > 0) return HEADER_TIMEOUT_MS + 100;
    if (this.#sawEarly) return EARLY_MS;
    return this.#pool.idleConnTimeoutMs === SHORT_IDLE_MS ? 40 : 0;
  }

  #addStep(): void {
    const random = this.#random;
    const op = this.#started.length === 0 ? "start" : random.weighted([
      [10, "start"],
      [this.#pool.idleConnTimeoutMs === SHORT_IDLE_MS ? 0 : 2, "chain"],
      [6, "read"],
      [2, "readSome"],
      [3, "close"],
      [2, "cancel"],
      [4, "release"],
      [1, "closeIdle"],
      [2, "disturb"],
    ]);
    switch (op) {
      case "start":
        this.#steps.push({ op: "start", request: this.#makeRequest(random.weighted(this.#kinds.map(weigh))) });
        return;
      case "chain":
        this.#steps.push({ op: "chain", requests: this.#makeChain() });
        return;
      case "read":
        this.#steps.push({ op: "read", id: this.#someRequest().spec.id, count: "all" });
        return;
      case "readSome":
        this.#addPartialRead();
        return;
      case "release": {
        const held = this.#started.filter(({ kind }) => kind.held === true || kind.early === true);
        if (held.length > 0) this.#steps.push({ op: "release", id: random.pick(held).spec.id });
        return;
      }
      case "close":
      case "cancel":
        this.#steps.push({ op, id: this.#someRequest().spec.id });
        return;
      case "closeIdle":
        this.#steps.push({ op });
        return;
      case "disturb": {
        const [text, end] = random.weighted<readonly [string, "no" | "fin" | "rst"]>([
          [3, ["", "fin"]],
          [2, ["", "rst"]],
          [1, ["x", "no"]],
          [1, ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "no"]],
          [1, ["HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n", "fin"]],
        ]);
        this.#steps.push({ op, pick: random.int(0, 5), text, end });
      }
    }
  }

  /** Requests that follow each other without a pause: each must leave its connection as it was. */
  #makeChain(): RequestSpec[] {
    const kinds = this.#kinds.filter((kind) => kind.steady);
    return Array.from({ length: this.#random.int(2, 5) }, () => {
      const request = this.#makeRequest(this.#random.weighted(kinds.map(weigh)));
      return { ...request, then: "read" };
    });
  }

  #makeRequest(kind: Kind): RequestSpec {
    const random = this.#random;
    const method = kind.early === true || kind.feature === "continue"
      ? random.pick(["POST", "PUT"] as const)
      : random.weighted<RequestSpec["method"]>([
        [8, "GET"],
        [kind.bodyOnly === true ? 0 : 2, "HEAD"],
        [4, "POST"],
        [1, "PUT"],
        [1, "DELETE"],
      ]);
    const bodyless = method === "GET" || method === "HEAD";
    const setting = { isHead: method === "HEAD", maxResponseHeaderBytes: this.#pool.maxResponseHeaderBytes };
    const script = kind.recipe(random, setting);
    this.#scripts.push(kind.surplus === true ? { ...script, surplus: true } : script);
    if (kind.early === true) this.#sawEarly = true;
    const spec: RequestSpec = {
      id: this.#nextId++,
      method,
      host: random.int(0, this.#hosts - 1),
      script: this.#scripts.length - 1,
      body: kind.early === true
        ? EARLY_BODY_BYTES
        : bodyless
        ? -1
        : random.weighted([[1, -1], [1, 0], [3, 5], [1, 3000], [1, 100_000]]),
      idempotencyKey: !bodyless && random.chance(0.3),
      close: random.weighted([[14, "no"], [1, "flag"], [kind.closing === true ? 3 : 0, "header"]]),
      expectContinue: kind.feature === "continue",
      upgrade: kind.feature === "upgrade",
      then: resets(script) ? "read" : random.weighted([[4, "nothing"], [5, "read"], [1, "close"]]),
    };
    this.#started.push({ spec, kind });
    return spec;
  }

  /** The newest are the likeliest. */
  #someRequest(): { readonly spec: RequestSpec; readonly kind: Kind } {
    const back = Math.min(this.#started.length, this.#random.weighted([[4, 1], [2, 2], [1, 3], [1, 4]]));
    return this.#started.at(-back)!;
  }

  /** A few bytes of a body whose rest is not there yet or far away; where it is near, this library reads it along. */
  #addPartialRead(): void {
    const { spec } = this.#someRequest();
    const script = this.#scripts[spec.script]!;
    const held = /^body held at (\d+)/.exec(script.name);
    const count = held !== null ? Number(held[1]) : /^length (70|300)000$/.test(script.name) ? 1 : 0;
    if (count > 0) this.#steps.push({ op: "read", id: spec.id, count });
  }
}

/** The end of a response waits 50 ms for the end of its request's write; and the writing of this much takes a while. */
const EARLY_MS = 250;

/** More than the kernels on both sides take in, so that the write stalls. */
const EARLY_BODY_BYTES = 12_000_000;

function resets({ actions, reusedActions }: Script): boolean {
  return [...actions, ...reusedActions ?? []].some((action) => action.do === "rst");
}

function weigh(kind: Kind): readonly [number, Kind] {
  return [kind.weight, kind];
}
