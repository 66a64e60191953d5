import { descriptorLimit } from "../../record/descriptor_limit.ts";
import { type Share, WHOLE } from "../../scenario/resolve/share.ts";
import type { Engine } from "../driver/driver.ts";
import { limitsOf, type StopRule } from "../generator/stop_rule.ts";

/** Who else carries out the plan, in this process. */
export interface Neighbours {
  readonly share: Share;
  /** What ends a load that this engine sends. */
  limits(engine: Engine): StopRule;
  /** No other thread of this process sends: what is the process's is told here. */
  readonly ownsProcess: boolean;
}

export const ALONE: Neighbours = {
  share: WHOLE,
  limits: (engine) => limitsOf(engine, descriptorLimit()),
  ownsProcess: true,
};
