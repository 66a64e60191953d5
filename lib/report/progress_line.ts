// One line for a run under way: pieces with a tone each, of which the least important go first where it is narrow.

import { formatBytes, formatCount, formatDurationUs, formatPercent, formatRate, formatSeconds } from "../core/units.ts";
import type { Progress, ProgressPhase } from "../load/progress.ts";
import { plain } from "./foreign_text.ts";
import type { Tone } from "./section.ts";
import { toAscii } from "./text/ascii.ts";
import { truncate, widthOf } from "./text/layout.ts";
import { type RenderOptions, type Style, styleFor } from "./text/style.ts";

/** A piece of the line. */
interface Piece {
  readonly text: string;
  readonly tone: Tone;
  /** The higher, the sooner it goes. */
  readonly dispensable: number;
}

const GAP = "  ";

/** What goes on, where that is not the sending. */
const PHASES: Readonly<Record<ProgressPhase, string | undefined>> = {
  sending: undefined,
  paused: "paused",
  grace: "last answers",
};
const MIN_BAR_COLUMNS = 8;
const MAX_BAR_COLUMNS = 30;

/** The line, at most `columns` wide, however narrow: bar, elapsed of total, rate, counts, connections, memory, rest. */
export function progressLine(progress: Progress, options: RenderOptions): string {
  const style = styleFor(options);
  const columns = Math.max(0, Math.floor(options.columns));
  const done = shareDone(progress);
  let pieces = piecesOf(progress, done);
  const widthWith = (bar: number) => pieces.reduce((sum, piece) => sum + GAP.length + widthOf(piece.text), bar);
  const leastBar = done === undefined ? -GAP.length : MIN_BAR_COLUMNS;
  while (pieces.length > 1 && widthWith(leastBar) > columns) {
    const first = Math.max(...pieces.map((piece) => piece.dispensable));
    pieces = pieces.filter((piece) => piece.dispensable !== first);
  }
  const barColumns = Math.min(MAX_BAR_COLUMNS, columns - widthWith(0));
  const bar = done === undefined || barColumns < MIN_BAR_COLUMNS ? [] : [barOf(done, barColumns, style)];
  const line = [...bar, ...pieces.map(({ text, tone }) => style[tone](text))].join(GAP);
  const fitting = widthOf(line) <= columns ? line : truncate(pieces[0]!.text, columns);
  return options.ascii === true ? toAscii(fitting) : fitting;
}

function piecesOf(progress: Progress, done: number | undefined): Piece[] {
  const { rpsNow, rpsTarget, p50Us, p99Us, completed, failed, errorKinds, live, dialing, waiting } = progress;
  const { heldBodies, rssBytes } = progress;
  const piece = (dispensable: number, text: string, tone: Tone = "plain"): Piece => ({ text, tone, dispensable });
  const rest = secondsLeft(progress, done);
  // A rate that is a tenth short is worth a look; less is the noise of a moment.
  const slow = rpsTarget !== undefined && rpsNow < 0.9 * rpsTarget && progress.elapsedMs > 1000;
  const phase = PHASES[progress.phase];
  const kinds = plain(errorKinds.join(", "));
  const target = rpsTarget === undefined ? "" : ` of ${formatRate(rpsTarget)}`;
  return [
    piece(0, progress.aside ?? elapsedWords(progress), "strong"),
    ...(phase === undefined ? [] : [piece(1, phase, "caution")]),
    piece(3, `${formatRate(rpsNow)}${target}`, slow ? "caution" : "plain"),
    ...(p50Us === undefined ? [] : [piece(8, `p50 ${formatDurationUs(p50Us)}`)]),
    ...(p99Us === undefined ? [] : [piece(5, `p99 ${formatDurationUs(p99Us)}`)]),
    piece(7, `${formatCount(completed)} done`),
    piece(2, `${formatCount(failed)} ${failed === 1 ? "error" : "errors"}`, failed > 0 ? "bad" : "faint"),
    ...(kinds === "" ? [] : [piece(6, kinds, "bad")]),
    piece(4, `${formatCount(live)} live${dialing > 0 ? ` +${formatCount(dialing)} dialing` : ""}`, "primary"),
    ...(heldBodies > 0 ? [piece(4, `${formatCount(heldBodies)} held`, "caution")] : []),
    ...(waiting > 0 ? [piece(7, `${formatCount(waiting)} waiting`, "caution")] : []),
    piece(9, `RSS ${formatBytes(rssBytes)}`, "tertiary"),
    ...(rest === undefined ? [] : [piece(10, `${formatSeconds(rest)} left`, "faint")]),
  ];
}

/** From 0 to 1; undefined where nothing but the user ends the run. */
function shareDone({ elapsedMs, totalMs, requestsTotal, completed, failed }: Progress): number | undefined {
  const shares: number[] = [];
  if (totalMs !== undefined) shares.push(totalMs > 0 ? elapsedMs / totalMs : 1);
  if (requestsTotal !== undefined) shares.push(requestsTotal > 0 ? (completed + failed) / requestsTotal : 1);
  return shares.length === 0 ? undefined : Math.min(1, Math.max(0, ...shares));
}

/** Whichever end comes first. */
function secondsLeft(progress: Progress, done: number | undefined): number | undefined {
  if (done === undefined || done >= 1) return undefined;
  const rests: number[] = [];
  if (progress.totalMs !== undefined) rests.push((progress.totalMs - progress.elapsedMs) / 1000);
  if (progress.requestsTotal !== undefined && progress.rpsNow > 0) {
    rests.push((progress.requestsTotal - progress.completed - progress.failed) / progress.rpsNow);
  }
  return rests.length === 0 ? undefined : Math.ceil(Math.max(0, Math.min(...rests)));
}

function elapsedWords({ elapsedMs, totalMs, requestsTotal, completed, failed }: Progress): string {
  // Whole seconds of a longer run: a digit that changes ten times a second only flickers.
  const seconds = elapsedMs < 60_000
    ? `${(elapsedMs / 1000).toFixed(1)} s`
    : formatSeconds(Math.floor(elapsedMs / 1000));
  if (totalMs !== undefined) return `${seconds} of ${formatSeconds(totalMs / 1000)}`;
  if (requestsTotal === undefined || requestsTotal === 0) return seconds;
  return `${seconds}, ${formatPercent(Math.min(1, (completed + failed) / requestsTotal))}`;
}

function barOf(done: number, columns: number, style: Style): string {
  const halves = Math.round(done * columns * 2);
  const full = "━".repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? "╸" : "");
  return style.primary(full) + style.faint("─".repeat(columns - full.length));
}
