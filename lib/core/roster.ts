// Who is there, in no order. A `Set` would do, but one whose members come and go is copied again and again.

/** Stands in at most one roster. */
export interface Member {
  /** Owned by the roster. */
  seat: number;
}

/** Members in no order: adding and removing take O(1) and allocate nothing. */
export class Roster<T extends Member> {
  readonly #seats: T[] = [];

  /** Adds one that is in no roster. */
  add(member: T): void {
    member.seat = this.#seats.push(member) - 1;
  }

  /** Takes out one that is there; the last takes its seat. */
  remove(member: T): void {
    const last = this.#seats.pop()!;
    if (last === member) return;
    this.#seats[member.seat] = last;
    last.seat = member.seat;
  }

  /** As they are now: who comes or goes meanwhile makes no difference. */
  all(): T[] {
    return this.#seats.slice();
  }
}
