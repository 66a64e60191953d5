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
    super(`${field}: ${oneLine(problem)}`);
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

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ");
}
