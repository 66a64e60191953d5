// Rates as people write them in scenarios and flags: 500, "500/s", "1k", "1000/min", "1/m", "20/10s".

import { parseDurationMs } from "./duration.ts";

const SCALES: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6 };

/** A number, thousands or millions if it ends in k or M, and a span of time to divide it by: a second if none is given. */
export const RATE_PATTERN =
  /^\+?((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(k|M)?(?:\/(\d+(?:\.\d+)?)?(us|ms|s|sec|m|min|h))?$/;

/** Requests per second; undefined if it is no rate. A number is one already. */
export function parseRps(text: string | number): number | undefined {
  if (typeof text === "number") return text;
  const match = RATE_PATTERN.exec(text);
  if (match === null) return undefined;
  const [, amount, scale = "", spans = "1", unit = "s"] = match;
  const spanMs = parseDurationMs(spans + unit.replace("sec", "s").replace("min", "m"))!;
  return spanMs === 0 ? undefined : (Number(amount) * SCALES[scale]! * 1000) / spanMs;
}
