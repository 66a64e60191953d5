// How many read loops and write loops are in which state, and the bit tables of machines whose moves have no events.

/** One read loop or write loop. */
export interface CountedLoop {
  /** The state that it is in, as the census numbers them; −1, for a moment in which nobody is called: in none. */
  readonly counted: number;
}

/**
 * How many loops are in which state: this library's goroutine profile. They are counted when somebody asks, so that a
 * move costs no more than itself.
 */
export class LoopCensus {
  readonly #names: readonly string[];
  readonly #loops: Set<CountedLoop> = new Set();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  add(loop: CountedLoop): void {
    this.#loops.add(loop);
  }

  remove(loop: CountedLoop): void {
    this.#loops.delete(loop);
  }

  /** The states that any loop is in, by name, in the order of the names. */
  toRecord(): Record<string, number> {
    const counts = this.#names.map(() => 0);
    for (const { counted } of this.#loops) {
      if (counted !== -1) counts[counted]! += 1;
    }
    const record: Record<string, number> = {};
    counts.forEach((count, state) => {
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
