// A finished report in ASCII: every character becomes one of the same width, so that nothing moves.

import { widthOf } from "./layout.ts";

const REPLACEMENTS: Readonly<Record<string, string>> = {
  "µ": "u",
  "×": "x",
  "·": "*",
  "–": "-",
  "—": "-",
  "−": "-",
  "…": "~",
  "±": "~",
  "∞": "-",
  "→": ">",
  "←": "<",
  "◂": "<",
  "▲": "^",
  "▼": "v",
  "★": "*",
  "✓": "+",
  "✗": "x",
  "─": "-",
  "━": "=",
  "│": "|",
  "┤": "|",
  "┼": "+",
  "┬": "+",
  "┴": "+",
  "└": "+",
  "╭": ".",
  "╮": ".",
  "╰": "'",
  "╯": "'",
  "╴": "-",
  "╶": "-",
  "╸": "=",
  "▁": ".",
  "▂": ".",
  "▃": ".",
  "▄": ":",
  "▅": ":",
  "▆": ":",
  "▇": "#",
  "█": "#",
  "▉": "#",
  "▊": "#",
  "▋": "#",
  "▌": "#",
  "▍": "|",
  "▎": "|",
  "▏": "|",
  "≤": "<",
  "≥": ">",
};

/** The text without a character above U+007E; colours (ANSI escapes) are ASCII already and stay. */
export function toAscii(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[^\n\x1b -~]/gu, (char) => REPLACEMENTS[char] ?? "?".repeat(widthOf(char)));
}
