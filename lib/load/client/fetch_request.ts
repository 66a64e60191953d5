import type { CompiledRequest } from "../../scenario/template/compile.ts";
import type { CompiledText } from "../../scenario/template/compiled_text.ts";
import type { Iteration } from "../../scenario/template/scope.ts";

/** What one call of `fetch` is given, but for its signal. */
export interface FetchRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: [name: string, value: string][];
  /** Bytes, because a text would bring a Content-Type of its own. */
  readonly body: Uint8Array | undefined;
}

const ENCODER = new TextEncoder();

/** One of a run's requests as `fetch` takes it. */
export class FetchRequestKind {
  readonly #request: CompiledRequest;

  constructor(request: CompiledRequest) {
    this.#request = request;
  }

  /** What an iteration sends. */
  filled(iteration: Iteration): FetchRequest {
    const { plan: { method }, url, headers, body } = this.#request;
    return {
      url: fill(url, iteration),
      method,
      headers: headers.map(([name, value]) => [name, fill(value, iteration)]),
      body: body.length === 0 ? undefined : body instanceof Uint8Array ? body : ENCODER.encode(fill(body, iteration)),
    };
  }
}

function fill(text: CompiledText, iteration: Iteration): string {
  let filled = "";
  for (const part of text) filled += typeof part === "string" ? part : part(iteration);
  return filled;
}
