// A record's cases as bars, in SVG.

import type { BenchRecord, CaseRecord, Row } from "./bench_record.ts";

const WIDTH = 760;
const LABEL_WIDTH = 150;
const BAR_WIDTH = 470;
const BAR_HEIGHT = 14;
const STEP = 20;
const TITLE_HEIGHT = 34;

/** Legible on white and on black. */
const COLORS = { loadgen: "#2f81f7", bare: "#8b949e66", peer: "#8b949e" } as const;

function colorOf(name: string): string {
  if (name.startsWith("loadgen")) return COLORS.loadgen;
  return name.startsWith("bare sockets") ? COLORS.bare : COLORS.peer;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${Math.round(x)}" y="${y}"${attributes}>${escapeXml(content)}</text>`;
}

function bar(row: Row, most: number, y: number): string {
  const width = Math.max(1, (row.rps / most) * BAR_WIDTH);
  return [
    text(LABEL_WIDTH, y + 11, row.name, ' text-anchor="end"'),
    `<rect x="${LABEL_WIDTH + 8}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="2" fill="${
      colorOf(row.name)
    }"/>`,
    text(LABEL_WIDTH + 14 + width, y + 11, Math.round(row.rps).toLocaleString("en")),
  ].join("");
}

function panel({ name, rows }: CaseRecord, top: number): string[] {
  const sorted = rows.toSorted((a, b) => b.rps - a.rps);
  const most = sorted[0]!.rps;
  return [
    text(8, top + 22, `${name}: requests a second`, ' font-weight="bold"'),
    ...sorted.map((row, at) => bar(row, most, top + TITLE_HEIGHT + at * STEP)),
  ];
}

/** These cases of a record, as far as it has them, one below the other. */
export function chartSvg(record: BenchRecord, names: readonly string[]): string {
  const cases = names.flatMap((name) => record.cases.filter((one) => one.name === name && one.rows.length > 0));
  const parts: string[] = [];
  let top = 0;
  for (const one of cases) {
    parts.push(...panel(one, top));
    top += TITLE_HEIGHT + one.rows.length * STEP + 6;
  }
  const { machine, rounds, seconds, commit } = record;
  const made =
    `${machine.cpu}, ${machine.cores} cores, Linux ${machine.kernel}; median of ${rounds} rounds of ${seconds} s; ${commit}`;
  parts.push(text(8, top + 16, made, ' font-size="10"'));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top + 26}" width="${WIDTH}" ` +
    `font-family="system-ui, sans-serif" font-size="12" fill="#7d8590">\n${parts.join("\n")}\n</svg>\n`;
}
