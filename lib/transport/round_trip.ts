import type { ResponseHead } from "../http1/response_head.ts";
import { type BodyChunk, Exchange } from "./exchange.ts";
import { Response } from "./response.ts";
import { ResponseBody } from "./response_body.ts";
import { type Phase, TransportError } from "./transport_error.ts";

/** The promise face: an exchange that becomes a `Response`. */
export class RoundTrip extends Exchange {
  readonly response: Promise<Response>;
  readonly #signal: AbortSignal | undefined;
  readonly #body: ResponseBody;
  #resolve!: (response: Response) => void;
  #reject!: (error: TransportError) => void;

  constructor(signal: AbortSignal | undefined) {
    super();
    this.#signal = signal;
    this.#body = new ResponseBody({ read: () => this.read(), close: () => this.#closeBody() });
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    signal?.addEventListener("abort", this.#onAbort);
  }

  override onHead(head: ResponseHead): void {
    this.#resolve(new Response(head.snapshot(), this.#body, this.request!.url));
  }

  override onData(chunk: BodyChunk): void {
    this.pause();
    this.#body.push(chunk.data().slice());
  }

  override onEnd(): void {
    this.#forgetSignal();
    this.#body.end();
  }

  override onError(error: TransportError): void {
    this.#forgetSignal();
    this.#reject(error);
    this.#body.fail(error);
  }

  /** The listener goes with the exchange: left behind, it would hit the connection's next user. */
  #forgetSignal(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.cancel(canceled(this.#signal!, this.phase));
  };

  #closeBody(): void {
    this.#forgetSignal();
    this.close();
  }
}

/** The error of a request whose signal fired; its cause is the signal's reason. */
export function canceled(signal: AbortSignal, phase: Phase): TransportError {
  const message = phase === "pool" ? "request canceled while waiting for connection" : "request canceled";
  return new TransportError(message, { code: "canceled", side: "local", phase, cause: signal.reason });
}
