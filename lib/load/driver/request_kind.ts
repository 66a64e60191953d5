import type { BodyPolicy, RequestPlan } from "../../scenario/plan.ts";
import { Expectation } from "./expectation.ts";

/** What the load knows of one of a run's requests, whoever sends it. */
export class RequestKind {
  /** Its place among the plan's requests. */
  readonly index: number;
  readonly weight: number;
  readonly bodyPolicy: BodyPolicy;
  readonly timeoutMs: number;
  readonly expectation: Expectation;

  constructor(index: number, { weight, bodyPolicy, timeoutMs, expect }: RequestPlan) {
    this.index = index;
    this.weight = weight;
    this.bodyPolicy = bodyPolicy;
    this.timeoutMs = timeoutMs;
    this.expectation = new Expectation(expect);
  }
}
