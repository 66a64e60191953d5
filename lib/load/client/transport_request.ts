// A plan's request for this library's transport: prepared once where nothing in it varies, filled for each sending where
// something does.

import type { GappedText } from "../../core/gapped_text.ts";
import { type CompiledRequest } from "../../scenario/template/compile.ts";
import { type CompiledText, isConstant } from "../../scenario/template/compiled_text.ts";
import type { Iteration, Source } from "../../scenario/template/scope.ts";
import { type GappedRequest, PreparedRequest } from "../../transport/request/prepared_request.ts";
import type { RequestForm } from "../../transport/request/request_form.ts";
import { cutUrl } from "./gapped_url.ts";

/**
 * One of a run's requests as the transport sends it: checked once, and filled with values for each sending. Every value
 * is safe where it stands: compiling saw to that. Bytes are the transport's to make.
 */
export class TransportRequestKind {
  /** Given if no sending differs from another. */
  readonly constant: PreparedRequest | undefined;
  readonly #form: RequestForm;
  /** What fills the form's gaps. */
  readonly #sources: Source[] = [];

  /** Throws what `prepareForm` throws. */
  constructor({ plan, url, headers, body }: CompiledRequest, prepareForm: (request: GappedRequest) => RequestForm) {
    const { origin, path } = cutUrl(url);
    this.#form = prepareForm({
      method: plan.method,
      origin,
      path: this.#gapped(path),
      headers: headers.map(([name, value]) => [name, this.#gapped(value)]),
      body: body instanceof Uint8Array ? body : this.#gapped(body),
    });
    if (this.#sources.length === 0) this.constant = new PreparedRequest(this.#form);
  }

  /** What an iteration sends. */
  prepared(iteration: Iteration): PreparedRequest {
    if (this.constant !== undefined) return this.constant;
    const sources = this.#sources;
    const values = new Array<string>(sources.length);
    for (let i = 0; i < sources.length; i++) values[i] = sources[i]!(iteration);
    return new PreparedRequest(this.#form, values);
  }

  #gapped(text: CompiledText): GappedText {
    if (isConstant(text)) return text.join("");
    return text.map((part) => typeof part === "string" ? part : this.#sources.push(part) - 1);
  }
}
