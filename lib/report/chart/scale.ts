// A y axis: a range whose ends and steps are round numbers of the unit shown, labelled without idle zeros (`1.5 ms`,
// `64 MiB`, `0`).

import type { Scale } from "../section.ts";

/** Mantissas that read well on an axis. */
const DECIMAL_STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10] as const;
const WHOLE_STEPS = [1, 2, 3, 4, 5, 6, 8, 10] as const;
const BINARY_STEPS = [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024] as const;

/** The smallest round scale from 0 that holds a largest value in any unit: µs, per second. */
export function scaleFromZero(max: number, steps: number, format: (value: number) => string): Scale {
  const step = Math.max(max, Number.MIN_VALUE) / steps;
  const power = max > 0 ? 10 ** Math.floor(Math.log10(step)) : 1;
  return labelled(0, roundUp(step, DECIMAL_STEPS, power) * steps, steps, format);
}

/** The smallest round scale from 0 for things that come in whole numbers. */
export function scaleForCounts(max: number, steps: number, format: (value: number) => string): Scale {
  const step = Math.max(1, max / steps);
  const power = 10 ** Math.floor(Math.log10(step));
  const mantissas = power === 1 ? WHOLE_STEPS : DECIMAL_STEPS;
  return labelled(0, roundUp(step, mantissas, power) * steps, steps, format);
}

/**
 * A round scale for bytes. It need not begin at 0, or growth on top of a large base would hide; but it spans at least a
 * quarter of the largest value, or noise would look like growth.
 */
export function scaleForBytes(min: number, max: number, steps: number, format: (value: number) => string): Scale {
  const span = Math.max(max - min, max / 4, steps);
  const unit = 1024 ** Math.floor(Math.log(Math.max(span / steps, 1)) / Math.log(1024));
  for (let step = roundUp(span / steps, BINARY_STEPS, unit);; step = roundUp(step * 1.001, BINARY_STEPS, unit)) {
    // In the middle of the panel, so that neither growth nor shrinking runs along an edge.
    const low = Math.max(0, Math.round((min + max) / 2 / step - steps / 2) * step);
    const high = low + steps * step;
    if (low <= min && high >= max) return labelled(low, high, steps, format);
  }
}

/** The smallest mantissa × unit that is not below the value; beyond the list, whole multiples of the unit. */
function roundUp(value: number, mantissas: readonly number[], unit: number): number {
  // A billionth of slack, so that 0.1 × 3 is 0.3.
  const found = mantissas.find((mantissa) => mantissa * unit >= value * (1 - 1e-9));
  return (found ?? Math.ceil(value / unit)) * unit;
}

function labelled(min: number, max: number, steps: number, format: (value: number) => string): Scale {
  const labels = Array.from({ length: steps + 1 }, (_, level) => {
    const value = min + level * (max - min) / steps;
    return value === 0 ? "0" : format(value).replace(/(\.\d*?)0+(?= )/, "$1").replace(". ", " ");
  });
  return { min, max, labels };
}
