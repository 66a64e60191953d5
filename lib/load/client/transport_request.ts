import { type CompiledRequest, isConstant } from "../../scenario/template/compile.ts";
import type { Iteration } from "../../scenario/template/scope.ts";
import type { PreparedRequest, TransportRequest } from "../../transport/request/prepared_request.ts";
import { RequestTemplate } from "./request_template.ts";

/** One of a run's requests as the transport sends it: prepared once if all of it is constant, else for each sending. */
export class TransportRequestKind {
  /** Undefined: it is rendered. */
  readonly constant: PreparedRequest | undefined;
  readonly #template: RequestTemplate | undefined;

  /** Throws what `prepare` throws. */
  constructor(request: CompiledRequest, prepare: (request: TransportRequest) => PreparedRequest) {
    const { plan: { method }, url, headers, body } = request;
    if ([url, body, ...headers.map(([, value]) => value)].every(isConstant)) {
      this.constant = prepare({
        method,
        url: url.join(""),
        headers: headers.map(([name, value]) => [name, value.join("")] as const),
        body: body.join(""),
      });
    } else {
      this.#template = new RequestTemplate(request, prepare);
    }
  }

  /** What an iteration sends. */
  prepared(iteration: Iteration): PreparedRequest {
    return this.constant ?? this.#template!.render(iteration);
  }
}
