// What the generator's own process took up, in parts that add up: whose a growth is, the heap's or what is outside it.

import { formatBytes, formatCount } from "../../core/units.ts";
import type { StartPeakEnd } from "../../record/start_peak_end.ts";
import type { Result } from "../../result/result.ts";
import type { Fact, Section } from "../section.ts";

/** Resident memory and its parts, then descriptors. */
export function memorySection({ memory, workers }: Result): Section {
  const { rssBytes, heapBytes, externalBytes, arrayBuffersBytes, otherBytes, descriptors } = memory;
  const facts: Fact[] = [
    fact("RSS", rssBytes, formatBytes),
    fact("heap", heapBytes, formatBytes, workers === undefined ? [] : ["the main thread's alone"]),
    fact(
      "external",
      externalBytes,
      formatBytes,
      arrayBuffersBytes === undefined ? [] : [`${formatBytes(arrayBuffersBytes.end)} of it array buffers`],
    ),
    ...(otherBytes === undefined ? [] : [fact("the rest", otherBytes, formatBytes)]),
    ...(descriptors === undefined ? [] : [fact("descriptors", descriptors, formatCount)]),
  ];
  return { title: "Memory", blocks: [{ kind: "facts", facts }] };
}

function fact(name: string, range: StartPeakEnd, format: (value: number) => string, more: string[] = []): Fact {
  const details = ["at the end", `${format(range.start)} at the start`, `${format(range.peak)} at the peak`, ...more];
  return { name, figure: format(range.end), details };
}
