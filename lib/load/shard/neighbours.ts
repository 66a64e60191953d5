import { descriptorLimit } from "../../record/descriptor_limit.ts";
import { type Share, WHOLE } from "../../scenario/resolve/share.ts";
import type { Counts } from "../driver/driver.ts";
import { ResourceLimits, type StopRule } from "../generator/stop_rule.ts";

/** Who else carries out the plan, in this process. */
export interface Neighbours {
  readonly share: Share;
  /** What ends a load whose connections these are. */
  limits(counts: Readonly<Counts>): StopRule;
}

export const ALONE: Neighbours = {
  share: WHOLE,
  limits: (counts) => new ResourceLimits(counts, descriptorLimit()),
};
