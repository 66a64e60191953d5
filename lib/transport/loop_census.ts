// How many read loops and write loops are in which state, and the bit tables of machines whose moves have no events.

/**
 * How many loops are in which state: this library's goroutine profile. They are counted when somebody asks, so that a
 * move costs no more than itself. A state is its number among the `names`; −1, for a moment in which nobody is called:
 * in none. Gives the states that any loop is in, by name, in the order of the names.
 */
export function loopCensus(names: readonly string[], states: readonly number[]): Record<string, number> {
  const counts = names.map(() => 0);
  for (const state of states) {
    if (state !== -1) counts[state]! += 1;
  }
  const record: Record<string, number> = {};
  counts.forEach((count, state) => {
    if (count !== 0) record[names[state]!] = count;
  });
  return record;
}

/** The moves that a state machine allows: `allowed[from]` holds a bit for each `to`. */
export function moves(table: Readonly<Record<number, readonly number[]>>, states: number): readonly number[] {
  const allowed: number[] = [];
  for (let from = 0; from < states; from++) {
    allowed.push((table[from] ?? []).reduce((bits, to) => bits | (1 << to), 0));
  }
  return allowed;
}
