// Numbers as people read them: one number and one unit, three figures that matter.

/** Stands for a number that does not exist. */
export const NO_VALUE = "–";

/** A count with thousands separators: `12,345`. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return NO_VALUE;
  const whole = String(Math.abs(Math.round(count)));
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return Math.round(count) < 0 ? `-${grouped}` : grouped;
}

/** A count of something, in the singular or the plural: `1 request`, `12,345 requests`. */
export function formatCounted(count: number, noun: string, plural: string = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** A count short enough for an axis: `950`, `12.5k`, `3M`. */
export function formatShortCount(count: number): string {
  if (Math.abs(count) < 10_000) return formatCount(count);
  for (const [size, unit] of [[1e9, "G"], [1e6, "M"]] as const) {
    if (Math.abs(count) >= size) return `${trimZeros((count / size).toPrecision(3))}${unit}`;
  }
  return `${trimZeros((count / 1e3).toFixed(1))}k`;
}

/** A duration given in µs with three significant figures: `853 µs`, `1.42 ms`, `14.2 s`, `2 m 5 s`, `1 h 4 m`. */
export function formatDurationUs(durationUs: number): string {
  if (!Number.isFinite(durationUs)) return NO_VALUE;
  if (durationUs < 0) return `-${formatDurationUs(-durationUs)}`;
  // The bounds lie where three figures would round up into the next unit.
  if (durationUs < 999.5) return `${durationUs < 9.95 ? trimZeros(durationUs.toFixed(1)) : durationUs.toFixed(0)} µs`;
  if (durationUs < 999_500) return `${threeFigures(durationUs / 1e3)} ms`;
  if (durationUs < 59_950_000) return `${threeFigures(durationUs / 1e6)} s`;
  return formatSeconds(Math.round(durationUs / 1e6));
}

/** A span of seconds, as short as it can be said: `0.5 s`, `10 s`, `1 m 30 s`, `5 m`, `2 h`, `1 h 30 m`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${trimZeros(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const parts = [[Math.floor(whole / 3600), "h"], [Math.floor(whole / 60) % 60, "m"], [whole % 60, "s"]] as const;
  return parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`).join(" ");
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Bytes in binary units with one decimal where it matters: `512 B`, `5.8 KiB`, `12.3 MiB`, `123 MiB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return NO_VALUE;
  if (bytes < -0.05) return `-${formatBytes(-bytes)}`;
  let size = bytes;
  let unit = 0;
  while (size >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = size >= 99.95
    ? formatCount(size)
    : unit === 0
    ? trimZeros(Math.abs(size).toFixed(1))
    : size.toFixed(1);
  return `${digits} ${BYTE_UNITS[unit]}`;
}

/** Something per second: `499.8/s`, `0.25/s`, `12,345/s`. */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return NO_VALUE;
  if (perSecond >= 999.95) return `${formatCount(perSecond)}/s`;
  return `${trimZeros(perSecond.toFixed(perSecond < 9.995 ? 2 : 1))}/s`;
}

/** A share from 0 to 1 in percent: `24.6 %`; what is there but rounds away is `<0.1 %`, what nearly fills is `>99.9 %`. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return NO_VALUE;
  if (share > 0 && share < 0.0005) return "<0.1 %";
  if (share < 1 && share >= 0.9995) return ">99.9 %";
  return `${share === 0 || share === 1 ? share * 100 : (share * 100).toFixed(1)} %`;
}

/** A change against a base: `+12.5 %`, `-3.0 %`, `±0 %`, from ten times on `×12`; without a base there is none. */
export function formatChange(from: number, to: number): string {
  if (from === to) return "±0 %";
  if (from === 0 || !Number.isFinite(from) || !Number.isFinite(to)) return NO_VALUE;
  if (to / from >= 9.995) return `×${formatCount(to / from)}`;
  const percent = (to - from) / Math.abs(from) * 100;
  const digits = Math.abs(percent) >= 99.95 ? formatCount(Math.abs(percent)) : Math.abs(percent).toFixed(1);
  if (Number(digits) === 0) return "±0 %";
  return `${percent < 0 ? "-" : "+"}${digits} %`;
}

/** A slope per request, with two significant figures at least: `1.000`, `0.0031`, `-0.500`, `0.000012`. */
export function formatSlope(slope: number): string {
  const size = Math.abs(slope);
  if (size < 1e-7) return "0";
  return slope.toFixed(size >= 0.0995 ? 3 : 1 - Math.floor(Math.log10(size)));
}

function threeFigures(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

function trimZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}
