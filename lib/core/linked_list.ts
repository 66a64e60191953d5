// A doubly linked list whose links stand in the items' own objects: any item leaves it in O(1), and nothing is allocated.

/** An item's place in a `LinkedList`; made once per item, and free to join and leave any number of times. */
export class ListLink<T> {
  readonly item: T;
  /** Owned by the list. */
  older: ListLink<T> | undefined = undefined;
  /** Owned by the list. */
  newer: ListLink<T> | undefined = undefined;
  /** Owned by the list. */
  listed = false;

  constructor(item: T) {
    this.item = item;
  }
}

/** A doubly linked list by age: add the newest, remove any, all in O(1) and without allocation. */
export class LinkedList<T> {
  newest: ListLink<T> | undefined = undefined;
  oldest: ListLink<T> | undefined = undefined;
  size = 0;

  /** Adds a link, which is in no list, as the newest. */
  add(link: ListLink<T>): void {
    link.listed = true;
    link.older = this.newest;
    if (this.newest !== undefined) this.newest.newer = link;
    else this.oldest = link;
    this.newest = link;
    this.size += 1;
  }

  /** Takes a link out; one that is not listed stays so. */
  remove(link: ListLink<T>): void {
    if (!link.listed) return;
    link.listed = false;
    if (link.newer !== undefined) link.newer.older = link.older;
    else this.newest = link.older;
    if (link.older !== undefined) link.older.newer = link.newer;
    else this.oldest = link.newer;
    link.older = undefined;
    link.newer = undefined;
    this.size -= 1;
  }
}
