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
    this.#transport = new Transport({ ...options, drainOnClose: false });
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
        this.#requests.get(step.id)?.send(step.text, step.end);
        return;
      case "release":
      case "disturb":
        return;
    }
  }

  report(): SubjectReport {
    const requests = [...this.#requests.values()];
    return {
      live: this.#transport.census().live + requests.filter((request) => request.holdsTunnel).length,
      requests: requests.map((request) => request.report()),
    };
  }

  end(): void {
    this.#ended = true;
    for (const request of this.#requests.values()) request.end();
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
