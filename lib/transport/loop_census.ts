/**
 * How many loops are in which state, kept as they move: this library's goroutine profile. A state is a small number on
 * the hot path; its name is what the census shows.
 */
export class LoopCensus {
  readonly #names: readonly string[];
  readonly #counts: number[];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#counts = names.map(() => 0);
  }

  enter(state: number): void {
    this.#counts[state]! += 1;
  }

  leave(state: number): void {
    this.#counts[state]! -= 1;
  }

  /** The states that any loop is in, by name. */
  toRecord(): Record<string, number> {
    const record: Record<string, number> = {};
    this.#counts.forEach((count, state) => {
      if (count !== 0) record[this.#names[state]!] = count;
    });
    return record;
  }
}

/** The moves that a state machine allows: `allowed[from]` holds a bit for each `to`. */
export function moves(table: Readonly<Record<number, readonly number[]>>, states: number): readonly number[] {
  const allowed: number[] = [];
  for (let from = 0; from < states; from++) {
    allowed.push((table[from] ?? []).reduce((bits, to) => bits | (1 << to), 0));
  }
  return allowed;
}
