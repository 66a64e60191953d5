import assert from "node:assert/strict";
import test from "node:test";
import { type Member, Roster } from "../../lib/core/roster.ts";

class Guest implements Member {
  seat = 0;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

function names(roster: Roster<Guest>): string {
  return roster.all().map(({ name }) => name).sort().join("");
}

test("roster: whoever was added and not removed is there, in whatever order they leave", () => {
  for (const leaving of ["abcd", "dcba", "bdac", "cabd"]) {
    const roster = new Roster<Guest>();
    const guests = new Map([..."abcd"].map((name) => [name, new Guest(name)]));
    for (const guest of guests.values()) roster.add(guest);
    let left = "abcd";
    for (const name of leaving) {
      roster.remove(guests.get(name)!);
      left = left.replace(name, "");
      assert.equal(names(roster), left, leaving);
    }
  }
});

test("roster: who left may come back", () => {
  const roster = new Roster<Guest>();
  const [a, b] = [new Guest("a"), new Guest("b")];
  roster.add(a);
  roster.add(b);
  roster.remove(a);
  roster.add(a);
  roster.remove(b);
  assert.equal(names(roster), "a");
});

test("roster: what was asked for stays as it was", () => {
  const roster = new Roster<Guest>();
  const [a, b] = [new Guest("a"), new Guest("b")];
  roster.add(a);
  roster.add(b);
  const seen: string[] = [];
  for (const guest of roster.all()) {
    seen.push(guest.name);
    roster.remove(guest);
  }
  assert.deepEqual(seen, ["a", "b"]);
  assert.deepEqual(roster.all(), []);
});
