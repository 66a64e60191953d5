import assert from "node:assert/strict";
import test from "node:test";
import { LinkedList, ListLink } from "../../lib/core/linked_list.ts";

function items(list: LinkedList<number>): number[] {
  const found: number[] = [];
  for (let link = list.oldest; link !== undefined; link = link.newer) found.push(link.item);
  return found;
}

test("linked list: any link may leave, at either end or between, and come back as the newest", () => {
  const list = new LinkedList<number>();
  const links = [0, 1, 2, 3].map((item) => new ListLink(item));
  for (const link of links) list.add(link);
  list.remove(links[1]!);
  list.remove(links[3]!);
  list.remove(links[3]!);
  assert.deepEqual(items(list), [0, 2]);
  list.add(links[1]!);
  list.remove(links[0]!);
  assert.deepEqual(items(list), [2, 1]);
  assert.equal(list.newest!.item, 1);
  assert.equal(list.size, 2);
});
