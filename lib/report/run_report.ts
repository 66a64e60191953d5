// The report of one run: which sections, in which order, and which belong beside each other.

import type { Result } from "../result/result.ts";
import { baselineSection } from "./comparison/differences.ts";
import { requestsSection } from "./section/accounting.ts";
import { aftermathSection } from "./section/aftermath.ts";
import { changesSection } from "./section/changes.ts";
import { distributionSection } from "./section/distribution.ts";
import { generatorSection } from "./section/generator_health.ts";
import { headSection } from "./section/head.ts";
import { connectionsSection } from "./section/ledger.ts";
import { memorySection } from "./section/memory_parts.ts";
import { errorLatenciesSection, percentilesSection } from "./section/percentile_table.ts";
import { requestTableSection } from "./section/request_table.ts";
import { thresholdsSection } from "./section/threshold_words.ts";
import { timelineSection } from "./section/timeline.ts";
import { verdictSection } from "./section/verdict.ts";
import { workersSection } from "./section/worker_table.ts";
import type { Report, Section } from "./section.ts";

/** The sections of a result that have something to say. Throws if the result's HDR strings cannot be decoded. */
export function runReport(result: Result): Report {
  return [
    [headSection(result)],
    [requestsSection(result)],
    ...row(requestTableSection(result)),
    [timelineSection(result)],
    ...row(changesSection(result)),
    [distributionSection(result), percentilesSection(result)],
    ...row(errorLatenciesSection(result)),
    [connectionsSection(result), generatorSection(result)],
    [memorySection(result)],
    ...row(aftermathSection(result)),
    ...row(workersSection(result)),
    ...row(thresholdsSection(result, "mustHold")),
    ...row(thresholdsSection(result, "failIf")),
    ...row(baselineSection(result)),
    [verdictSection(result)],
  ];
}

function row(section: Section | undefined): [Section][] {
  return section === undefined ? [] : [[section]];
}
