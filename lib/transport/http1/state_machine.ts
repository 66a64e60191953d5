// State machines as data, after h11's `_state.py`: a table says what each event makes of each state, and what it does
// not say is a fault of this library's. States and events are small numbers on the hot path; the table has their names.

/** A row for each state: which state follows which event. */
type Rows<Table> = { readonly [State in keyof Table]: Readonly<Record<string, keyof Table & string>> };

type StateOf<Table> = keyof Table & string;
type EventOf<Table> = { [State in keyof Table]: keyof Table[State] & string }[keyof Table];

/** The rules of a machine. The first of its states is the initial one, the last the final one. */
export class StateTable<Table extends Rows<Table> = Record<string, Record<string, string>>> {
  readonly name: string;
  readonly rows: Table;
  readonly states: Readonly<Record<StateOf<Table>, number>>;
  /** In steps of as many as there are states: an event and a state together are one index. */
  readonly events: Readonly<Record<EventOf<Table>, number>>;
  /** What the census counts each state as; −1: not at all. */
  readonly counted: readonly number[];
  readonly #following: readonly number[];
  readonly #stateCount: number;

  /** `counted` gives states of the census, by its own `names`. */
  constructor(
    name: string,
    rows: Table,
    counted: Readonly<Partial<Record<StateOf<Table>, string>>>,
    names: readonly string[],
  ) {
    const states = Object.keys(rows) as StateOf<Table>[];
    const events = [...new Set(states.flatMap((state) => Object.keys(rows[state])))] as EventOf<Table>[];
    this.name = name;
    this.rows = rows;
    this.states = numbered(states, 1);
    this.events = numbered(events, states.length);
    this.counted = states.map((state) => names.indexOf(counted[state] ?? ""));
    this.#following = events.flatMap((event) =>
      states.map((state) => states.indexOf(rows[state][event] as StateOf<Table>))
    );
    this.#stateCount = states.length;
  }

  /** The state that follows. Throws where the event is no move from there. */
  transition(state: number, event: number): number {
    const to = this.#following[event + state]!;
    if (to === -1) throw new Error(this.#noMove(state, event));
    return to;
  }

  #noMove(state: number, event: number): string {
    return `${this.name}: ${Object.keys(this.events)[event / this.#stateCount]} is no move from ${
      Object.keys(this.states)[state]
    }`;
  }
}

/** One machine, in one of its table's states. */
export class StateMachine {
  readonly #table: StateTable;
  /** Moved by `on` alone. */
  state = 0;

  constructor(table: StateTable) {
    this.#table = table;
  }

  is(state: number): boolean {
    return this.state === state;
  }

  /** Moves on. Throws where the table has no such move. */
  on(event: number): void {
    this.state = this.#table.transition(this.state, event);
  }

  /** What the census counts it as now; −1: not at all. */
  get counted(): number {
    return this.#table.counted[this.state]!;
  }
}

function numbered<Name extends string>(names: readonly Name[], step: number): Record<Name, number> {
  return Object.fromEntries(names.map((name, index) => [name, index * step])) as Record<Name, number>;
}
