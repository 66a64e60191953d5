// Durations as people write them in scenarios and flags: "10s", "500ms", "1m30s", "2h". The form is that of Go's
// time.ParseDuration.

const UNIT_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** One or more numbers, each with its unit; a bare 0 needs none. */
export const DURATION_PATTERN = /^(?:0|(?:\d+(?:\.\d+)?(?:us|ms|s|m|h))+)$/;

/** The runtimes' timers overflow past 2^31 − 1 ms (24.8 days) and would fire at once. */
export const LONGEST_DURATION_MS = 24 * 24 * 3_600_000;

/** Milliseconds; undefined if the text is not a duration. */
export function parseDurationMs(text: string): number | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)) {
    total += Number(amount) * UNIT_MS[unit!]!;
  }
  return total;
}

/** A duration given in ms, exactly, in the largest units: `1 m 30 s`, `0.25 ms`. Reports round: `formatDurationUs`. */
export function formatDurationMs(ms: number): string {
  if (ms < 1000) return `${trimmed(ms)} ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1000;
  const parts: string[] = [];
  if (hours > 0) parts.push(`${hours} h`);
  if (minutes > 0) parts.push(`${minutes} m`);
  if (seconds > 0) parts.push(`${trimmed(seconds)} s`);
  return parts.join(" ");
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(3)));
}
