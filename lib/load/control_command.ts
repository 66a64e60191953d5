/** What a run under way can be told. */
export type ControlCommand =
  | { readonly kind: "rate"; readonly rps: number }
  | { readonly kind: "scale"; readonly factor: number }
  | { readonly kind: "pause" | "resume" | "hold" | "close" | "quit" | "status" };

const WORDS: readonly string[] = ["pause", "resume", "hold", "close", "quit", "status"];

const USAGE = "expected rate N, rate +N%, rate -N%, pause, resume, hold, close, status or quit";

/** Reads one line of a script: `rate 500`, `rate +10%`, `rate -10%`, or one word. A text: why it is no command. */
export function parseControlCommand(line: string): ControlCommand | string {
  const [word = "", value, ...rest] = line.trim().toLowerCase().split(/\s+/);
  if (rest.length > 0) return USAGE;
  if (word === "rate" && value !== undefined) return parseRate(value);
  if (value === undefined && WORDS.includes(word)) return { kind: word as "pause" };
  return USAGE;
}

function parseRate(text: string): ControlCommand | string {
  const change = /^([+-])(\d+(?:\.\d+)?)%$/.exec(text);
  if (change !== null) {
    const factor = 1 + (change[1] === "+" ? 1 : -1) * Number(change[2]) / 100;
    return factor > 0 ? { kind: "scale", factor } : "a rate stays above 0: pause stops it";
  }
  const rps = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(rps > 0 && rps <= 1e9)) return "expected a rate above 0, such as rate 500 or rate +10%";
  return { kind: "rate", rps };
}
