// What cannot be done as it was asked for: the problem as data, and the one line that says it. Whoever knows other names
// for a scenario's fields (the command line's flags) gives the error those names; nobody reads them out of a text.

/** A scenario field that a problem speaks of. */
export interface FieldRef {
  /** A path into the scenario ("load.rps"), or whatever else the field is called by. */
  readonly path: string;
  /** Set: the problem is with this value alone. */
  readonly value?: string | undefined;
}

/** What is wrong with a field. */
export type UsageProblem =
  /** It has the wrong value; `got` is quoted where it is given. */
  | { readonly kind: "expected"; readonly expected: string; readonly got?: unknown }
  /** Another field stands beside it that excludes it. */
  | { readonly kind: "conflict"; readonly other: FieldRef; readonly why?: string | undefined }
  /** None of the fields that it is of use with is there. */
  | { readonly kind: "needs"; readonly anyOf: readonly FieldRef[]; readonly why?: string | undefined }
  /** It is a number above that of another field. */
  | { readonly kind: "above"; readonly other: FieldRef; readonly most: number; readonly got: unknown }
  /** Anything else, in words. */
  | { readonly kind: "other"; readonly text: string };

/**
 * A flag, a scenario's field or a file that is not what it should be. The message is one line: the field, then what was
 * expected, or what it conflicts with.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** A flag ("--rps") or a path into a scenario ("load.rps"), with its file in front where there is one. */
  readonly field: string;
  /** The rest of the line: "expected a number above 0, got \"abc\"". */
  readonly problem: string;
  /** The same as data. */
  readonly details: UsageProblem;

  constructor(field: string, problem: string | UsageProblem) {
    const details = typeof problem === "string" ? { kind: "other" as const, text: problem } : problem;
    const words = inWords(details);
    super(oneLine(`${field}: ${words}`));
    this.field = field;
    this.problem = words;
    this.details = details;
  }

  /** The usual form: what was expected and what came. */
  static expected(field: string, expected: string, got?: unknown): UsageError {
    return new UsageError(field, { kind: "expected", expected, got });
  }

  /** Two fields that exclude each other. */
  static conflict(field: string, other: FieldRef | string, why?: string): UsageError {
    return new UsageError(field, { kind: "conflict", other: refTo(other), why });
  }

  /** A field that is of use only with another one, or with any of several. */
  static needs(field: string, anyOf: readonly (FieldRef | string)[], why?: string): UsageError {
    return new UsageError(field, { kind: "needs", anyOf: anyOf.map(refTo), why });
  }

  /** A number that may not be above that of another field. */
  static above(field: string, other: string, most: number, got: unknown): UsageError {
    return new UsageError(field, { kind: "above", other: refTo(other), most, got });
  }

  /** The same problem under other names: `field` for the field itself, those that `nameOf` knows for the ones it speaks of. */
  named(field: string, nameOf: (field: FieldRef) => string | undefined = () => undefined): UsageError {
    return new UsageError(field, renamed(this.details, nameOf));
  }
}

function refTo(field: FieldRef | string): FieldRef {
  return typeof field === "string" ? { path: field } : field;
}

function renamed(problem: UsageProblem, nameOf: (field: FieldRef) => string | undefined): UsageProblem {
  const rename = (field: FieldRef): FieldRef => {
    const name = nameOf(field);
    return name === undefined ? field : { path: name };
  };
  switch (problem.kind) {
    case "conflict":
    case "above":
      return { ...problem, other: rename(problem.other) };
    case "needs":
      return { ...problem, anyOf: problem.anyOf.map(rename) };
    default:
      return problem;
  }
}

function inWords(problem: UsageProblem): string {
  switch (problem.kind) {
    case "expected":
      return `expected ${problem.expected}${problem.got === undefined ? "" : `, got ${quote(problem.got)}`}`;
    case "conflict":
      return `cannot be used with ${refInWords(problem.other)}${reason(problem.why)}`;
    case "needs":
      return `needs ${inList(problem.anyOf.map(refInWords))}${reason(problem.why)}`;
    case "above":
      return `expected at most ${problem.most} (${refInWords(problem.other)}), got ${quote(problem.got)}`;
    case "other":
      return problem.text;
  }
}

function refInWords({ path, value }: FieldRef): string {
  return value === undefined ? path : `${path} ${value}`;
}

function reason(why: string | undefined): string {
  return why === undefined ? "" : `: ${why}`;
}

/** a; a or b; a, b or c */
function inList(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
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
