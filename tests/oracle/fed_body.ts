import { patternText } from "./program.ts";

/** A streamed request body that gets its pieces one by one, from the program's steps. */
export class FedBody implements AsyncIterable<Uint8Array> {
  /** "closed": it has come to its end, or the transport wants no more. */
  state: "open" | "closed" = "open";
  readonly #pieces: (() => IteratorResult<Uint8Array>)[] = [];
  #waiting: (() => void) | undefined = undefined;
  #fed = 0;

  feed(length: number): void {
    const bytes = new TextEncoder().encode(patternText(this.#fed, length));
    this.#fed += length;
    this.#add(() => ({ done: false, value: bytes }));
  }

  finish(fail: boolean): void {
    this.#add(() => {
      this.state = "closed";
      if (fail) throw new Error("the body's source failed");
      return { done: true, value: undefined };
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: async () => {
        while (this.#pieces.length === 0) await new Promise<void>((resolve) => this.#waiting = resolve);
        return this.#pieces.shift()!();
      },
      return: () => {
        this.state = "closed";
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  #add(piece: () => IteratorResult<Uint8Array>): void {
    this.#pieces.push(piece);
    const wake = this.#waiting;
    this.#waiting = undefined;
    wake?.();
  }
}
