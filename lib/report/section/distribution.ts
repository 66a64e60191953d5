// The distribution of response times, one bar for each range, with the percentiles marked where they lie.

import { formatCount, formatDurationUs, formatPercent } from "../../core/units.ts";
import type { Latency, Result } from "../../result/result.ts";
import type { Bar, Section } from "../section.ts";
import { type Bucket, bucketsOf } from "./latency_buckets.ts";

const MAX_BUCKETS = 18;

/** Throws if the HDR string of `response` cannot be decoded. */
export function distributionSection({ latencyUs: { response } }: Result): Section {
  const bars = bucketsOf(response, MAX_BUCKETS).map((bucket) => barOf(bucket, response));
  const nothing = { kind: "prose", text: "No response, so no distribution.", tone: "faint" } as const;
  return { title: "Response time, distribution", blocks: [bars.length === 0 ? nothing : { kind: "bars", bars }] };
}

function barOf({ fromUs, toUs, count, percentiles }: Bucket, latency: Latency): Bar {
  const [low, high] = [formatDurationUs(fromUs), formatDurationUs(toUs)];
  const unit = high.slice(high.lastIndexOf(" ") + 1);
  // A value of two units, "1 m 40 s", has none to share.
  const shared = low.endsWith(` ${unit}`) && high.indexOf(" ") === high.lastIndexOf(" ");
  return {
    from: shared ? low.slice(0, -unit.length - 1) : low,
    to: high.slice(0, -unit.length - 1),
    unit,
    count,
    figure: count === 0 ? "" : formatCount(count),
    share: count === 0 ? "" : formatPercent(count / latency.count),
    marks: percentiles,
  };
}
