/**
 * What somebody asked for cannot be done as it was written: a flag, a scenario's field, a file. The message is one line
 * that names the field and says what was expected; `got` is quoted where it helps to see it.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** A flag ("--rps") or a path into a scenario ("load.rps"), with its file in front where there is one. */
  readonly field: string;
  /** The rest of the line, without the field: "expected a number above 0, got \"abc\"". */
  readonly problem: string;

  constructor(field: string, problem: string) {
    super(oneLine(`${field}: ${problem}`));
    this.field = field;
    this.problem = problem;
  }

  /** The usual form: what was expected and what came. */
  static expected(field: string, expected: string, got?: unknown): UsageError {
    return new UsageError(field, `expected ${expected}${got === undefined ? "" : `, got ${quote(got)}`}`);
  }

  /** The same problem under another name for the field. */
  renamed(field: string): UsageError {
    return new UsageError(field, this.problem);
  }
}

/** A value as it was written, short enough for one line. */
function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

/** More of it than this helps nobody; what comes from a file may be of any length. */
const MOST_CHARS = 500;

/** Without line ends and control characters, which could drive a terminal. */
function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex
  const line = text.replace(/\s*[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+\s*/g, " ");
  return line.length <= MOST_CHARS ? line : `${line.slice(0, MOST_CHARS - 1)}…`;
}
