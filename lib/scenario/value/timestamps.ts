// The times of a replay as they stand in a file, one a line: seconds, as in logs and traces, or RFC 3339.

import { UsageError } from "../usage_error.ts";
import { formatDurationMs, LONGEST_DURATION_MS } from "./duration.ts";

const SECONDS = /^(\d+)(\.\d+)?$/;

/** RFC 3339 §5.6, with the blank that it allows for the T. */
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** An instant, its fraction of a second apart: one number would round it to a quarter of a microsecond. */
interface Instant {
  readonly seconds: number;
  readonly fraction: number;
}

/**
 * The times in a file's text, in milliseconds since the first. `where` is the file's name. Throws a `UsageError` for
 * `load.timestamps` that names the line if a time is malformed, earlier than the one above, or too late.
 */
export function parseTimestamps(text: string, where: string): Float64Array {
  const instants: number[] = [];
  let first: Instant | undefined;
  let lastMs = 0;
  let number = 0;
  for (const raw of text.replace(/^\uFEFF/, "").split("\n")) {
    number += 1;
    const line = raw.trim();
    if (line === "") continue;
    const instant = parseInstant(line);
    if (instant === undefined) throw refusal("seconds or a time such as 2026-01-31T12:00:00.5Z", line, number, where);
    first ??= instant;
    const elapsedMs = (instant.seconds - first.seconds) * 1000 + (instant.fraction - first.fraction) * 1000;
    if (elapsedMs < lastMs) throw refusal("a time no earlier than that of the line above", line, number, where);
    if (elapsedMs > LONGEST_DURATION_MS) {
      throw refusal(`at most ${formatDurationMs(LONGEST_DURATION_MS)} after the first line`, line, number, where);
    }
    instants.push(lastMs = elapsedMs);
  }
  if (first === undefined) throw UsageError.expected("load.timestamps", "a file with a time in each line", where);
  return Float64Array.from(instants);
}

function refusal(expected: string, line: string, number: number, where: string): UsageError {
  const got = line.length <= 40 ? line : `${line.slice(0, 39)}…`;
  const problem = `expected ${expected}, got ${JSON.stringify(got)} in line ${number} of ${where}`;
  return new UsageError("load.timestamps", problem);
}

function parseInstant(line: string): Instant | undefined {
  const plain = line.match(SECONDS);
  if (plain !== null) return { seconds: Number(plain[1]), fraction: Number(plain[2] ?? 0) };
  const parts = line.match(DATE_TIME);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHour, offsetMinute] = [Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  // second 60 is a leap one (§5.7)
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined; // 30 February
  const offset = (offsetHour * 60 + offsetMinute) * (parts[8] === "-" ? -1 : 1);
  const seconds = date.getTime() / 1000 + (hour * 60 + minute - offset) * 60 + second;
  return { seconds, fraction: Number(parts[7] ?? 0) };
}
