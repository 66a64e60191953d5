import { Random } from "../../core/random.ts";
import type { Plan } from "../../scenario/plan.ts";
import type { Share } from "../../scenario/resolve/share.ts";
import type { TemplateInputs } from "../../scenario/template/scope.ts";
import { Feed } from "./feed.ts";
import { Flow } from "./flow.ts";
import { RequestKind } from "./request_kind.ts";

/** How a share of a plan goes through its requests. */
export function flowOf(plan: Plan, { feeds }: TemplateInputs, share: Share): Flow {
  const kinds = plan.requests.map((request, index) => new RequestKind(index, request));
  const rows = plan.feeders.map(({ mode }, index) =>
    new Feed(feeds![index]!, mode, new Random(plan.seed, 2 + index), share)
  );
  return new Flow(kinds, plan.flow, rows, plan.seed, share);
}
