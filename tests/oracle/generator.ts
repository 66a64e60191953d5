// Random programs, the same for the same seed. Only ones whose outcome Go settles: see deviations.ts for what is left out.

import { resets } from "./circumstances.ts";
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
const CONTINUE_TIMEOUT_MS = 150;

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
  #finished: Set<number> = new Set();
  #waitMs = 0;

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
      !(kind.surplus === true && (this.#pool.maxConnsPerHost > 0 || this.#pool.maxIdleConns > 0)) &&
      !(kind.feature === "continue" && this.#pool.disableKeepAlives)
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
      expectContinueTimeoutMs: random.pick([0, CONTINUE_TIMEOUT_MS]),
      maxResponseHeaderBytes: random.weighted([[6, 0], [1, 300], [1, 5000]]),
      disableCompression: !this.#options.features.has("gzip") || random.chance(0.3),
    };
  }

  #settleMs(): number {
    if (this.#pool.responseHeaderTimeoutMs > 0) return HEADER_TIMEOUT_MS + 100;
    return Math.max(this.#waitMs, this.#pool.idleConnTimeoutMs === SHORT_IDLE_MS ? 40 : 0);
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
      [this.#uploading().length > 0 ? 9 : 0, "feed"],
      [this.#uploading().length > 0 ? 4 : 0, "finish"],
      [this.#started.some(({ spec }) => spec.upgrade) ? 8 : 0, "send"],
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
      case "feed":
        this.#addFeed(random.pick(this.#uploading()));
        return;
      case "finish": {
        const { id } = random.pick(this.#uploading());
        this.#finished.add(id);
        this.#steps.push({ op, id, fail: random.chance(0.15) });
        return;
      }
      case "send": {
        const { id } = random.pick(this.#started.filter(({ spec }) => spec.upgrade)).spec;
        const end = this.#options.goMinor >= 26 && random.chance(0.3) ? "fin" : "no";
        this.#steps.push({ op, id, text: random.pick(["", "ping", "x".repeat(3000)]), end });
        return;
      }
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
      const request = this.#makeRequest(this.#random.weighted(kinds.map(weigh)), false);
      return { ...request, then: "read" };
    });
  }

  #makeRequest(kind: Kind, mayStream = this.#options.features.has("streams")): RequestSpec {
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
    const setting = { isHead: method === "HEAD", maxResponseHeaderBytes: this.#pool.maxResponseHeaderBytes };
    const script = kind.recipe(random, setting);
    this.#scripts.push(kind.surplus === true ? { ...script, surplus: true } : script);
    const bodyless = method === "GET" || method === "HEAD";
    const body = bodyless ? -1 : this.#chooseBody(kind, mayStream);
    const hasBody = body === "stream" || body > 0;
    const expects = kind.feature === "continue" ||
      hasBody && kind.early !== true && this.#options.features.has("continue") &&
        !this.#pool.disableKeepAlives && random.chance(0.05);
    if (body === EARLY_BODY_BYTES) this.#waitMs = Math.max(this.#waitMs, EARLY_MS);
    if (kind.early === true || body === "stream") this.#waitMs = Math.max(this.#waitMs, WRITE_GRACE_MS);
    if (expects) this.#waitMs = Math.max(this.#waitMs, 2 * CONTINUE_TIMEOUT_MS);
    if (body === "stream" && method === "DELETE") this.#waitMs = Math.max(this.#waitMs, PROBE_MS);
    const spec: RequestSpec = {
      id: this.#nextId++,
      method,
      host: random.int(0, this.#hosts - 1),
      script: this.#scripts.length - 1,
      body,
      declared: body === "stream" && random.chance(0.3) ? random.pick([1, 5, 6, 10, 705]) : -1,
      idempotencyKey: !bodyless && random.chance(0.3),
      close: random.weighted([[14, "no"], [1, "flag"], [kind.closing === true ? 3 : 0, "header"]]),
      expectContinue: expects,
      watches1xx: random.chance(0.3),
      upgrade: kind.feature === "upgrade",
      then: resets(script) || kind.feature === "continue"
        ? "read"
        : random.weighted([[4, "nothing"], [5, "read"], [1, "close"]]),
    };
    this.#started.push({ spec, kind });
    return spec;
  }

  #chooseBody(kind: Kind, mayStream: boolean): number | "stream" {
    const random = this.#random;
    if (kind.early === true) return mayStream && random.chance(0.7) ? "stream" : EARLY_BODY_BYTES;
    const stream = mayStream ? 2 : 0;
    if (kind.feature === "continue") {
      return random.weighted<number | "stream">([[stream, "stream"], [3, 5], [1, 3000], [1, 100_000]]);
    }
    return random.weighted<number | "stream">([[stream, "stream"], [1, -1], [1, 0], [3, 5], [1, 3000], [1, 100_000]]);
  }

  /** Requests whose streamed body has not come to its end. */
  #uploading(): RequestSpec[] {
    return this.#started.map(({ spec }) => spec).filter(({ id, body }) => body === "stream" && !this.#finished.has(id));
  }

  #addFeed({ id, declared }: RequestSpec): void {
    const fed = this.#steps.reduce((sum, step) => step.op === "feed" && step.id === id ? sum + step.length : sum, 0);
    const chosen = this.#random.weighted([[1, 0], [3, 1], [4, 5], [2, 700], [1, 5000]]);
    const length = declared === -1 ? chosen : Math.min(chosen, declared - fed);
    this.#steps.push({ op: "feed", id, length });
  }

  /** The newest are the likeliest. */
  #someRequest(): { readonly spec: RequestSpec; readonly kind: Kind } {
    const back = Math.min(this.#started.length, this.#random.weighted([[4, 1], [2, 2], [1, 3], [1, 4]]));
    return this.#started.at(-back)!;
  }

  /** A few bytes of a body whose rest is not there yet, or all of one; where the rest is near, this library reads it along. */
  #addPartialRead(): void {
    const { spec } = this.#someRequest();
    if (this.#steps.some((step) => (step.op === "release" || step.op === "read") && step.id === spec.id)) return;
    const script = this.#scripts[spec.script]!;
    const held = /^body held at (\d+)/.exec(script.name);
    const whole = /^(?:length|chunked) (5|2000|1|36|6|41|700|701|705)$/.exec(script.name);
    const count = held?.[1] ?? whole?.[1];
    if (count !== undefined) this.#steps.push({ op: "read", id: spec.id, count: Number(count) });
  }
}

/** The end of a response waits 50 ms for the end of its request's write. */
const WRITE_GRACE_MS = 150;

/** And to write that much takes a while. */
const EARLY_MS = 300;

/** A body where none is expected is waited for 200 ms. */
const PROBE_MS = 350;

/** More than the kernels on both sides take in, so that the write stalls. */
const EARLY_BODY_BYTES = 12_000_000;

function weigh(kind: Kind): readonly [number, Kind] {
  return [kind.weight, kind];
}
