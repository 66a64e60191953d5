import type { TransportOptions } from "../../lib/transport/options.ts";
import { Transport } from "../../lib/transport/transport.ts";
import type { PoolOptions, RequestSpec, Step } from "./program.ts";
import type { SubjectReport } from "./report.ts";
import { SubjectRequest } from "./subject_request.ts";

/** One program on this project's transport. */
export class SubjectProgram {
  readonly #transport: Transport;
  readonly #ports: readonly number[];
  readonly #requests: Map<number, SubjectRequest> = new Map();
  #ended = false;

  constructor(options: PoolOptions, ports: readonly number[]) {
    // what the transport does not know yet, it does not read
    const settings: TransportOptions & {
      readonly disableCompression: boolean;
      readonly expectContinueTimeoutMs: number;
    } = {
      ...options,
      drainOnClose: false,
    };
    this.#transport = new Transport(settings);
    this.#ports = ports;
  }

  play(step: Step): void {
    switch (step.op) {
      case "start":
        void this.#start(step.request).run();
        return;
      case "chain":
        void this.#chain(step.requests);
        return;
      case "closeIdle":
        this.#transport.closeIdleConnections();
        return;
      case "read":
        void this.#requests.get(step.id)?.read(step.count);
        return;
      case "close":
        this.#requests.get(step.id)?.close();
        return;
      case "cancel":
        this.#requests.get(step.id)?.cancel();
        return;
      case "feed":
        this.#requests.get(step.id)?.feed(step.length);
        return;
      case "finish":
        this.#requests.get(step.id)?.finish(step.fail);
        return;
      case "send":
      case "release":
      case "disturb":
        return;
    }
  }

  report(): SubjectReport {
    return {
      live: this.#transport.census().live,
      requests: [...this.#requests.values()].map((request) => request.report()),
    };
  }

  end(): void {
    this.#ended = true;
    for (const request of this.#requests.values()) request.cancel();
    this.#transport.closeIdleConnections();
  }

  #start(spec: RequestSpec): SubjectRequest {
    const request = new SubjectRequest(this.#transport, spec, `http://127.0.0.1:${this.#ports[spec.host]}/${spec.id}`);
    this.#requests.set(spec.id, request);
    return request;
  }

  async #chain(specs: readonly RequestSpec[]): Promise<void> {
    for (const spec of specs) {
      if (!this.#ended) await this.#start(spec).run();
    }
  }
}
