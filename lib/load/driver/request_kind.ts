import type { BodyPolicy } from "../../scenario/plan.ts";
import { type CompiledRequest, isConstant } from "../../scenario/template/compile.ts";
import type { Iteration } from "../../scenario/template/scope.ts";
import type { PreparedRequest, TransportRequest } from "../../transport/request/prepared_request.ts";
import { Expectation } from "./expectation.ts";
import { RequestTemplate } from "./request_template.ts";

/** One of a run's requests: encoded once where all of it is constant, rendered for each sending where not. */
export class RequestKind {
  /** Its place among the plan's requests. */
  readonly index: number;
  readonly weight: number;
  readonly bodyPolicy: BodyPolicy;
  readonly timeoutMs: number;
  readonly expectation: Expectation | undefined;
  /** Undefined: it is rendered. */
  readonly constant: PreparedRequest | undefined;
  readonly #template: RequestTemplate | undefined;

  /** Throws what `prepare` throws. */
  constructor(index: number, request: CompiledRequest, prepare: (request: TransportRequest) => PreparedRequest) {
    const { plan: { weight, method, bodyPolicy, timeoutMs, expect }, url, headers, body } = request;
    this.index = index;
    this.weight = weight;
    this.bodyPolicy = bodyPolicy;
    this.timeoutMs = timeoutMs;
    this.expectation = expect === undefined ? undefined : new Expectation(expect);
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
