/** Where a number of parties are waited for, each of which comes once. */
export class Barrier {
  /** Resolves when all have come; rejects where one says that it never will. */
  readonly passed: Promise<void>;
  readonly #missing: Set<number>;
  #resolve!: () => void;
  #reject!: (error: Error) => void;

  constructor(parties: number) {
    this.#missing = new Set(Array.from({ length: parties }, (_, party) => party));
    this.passed = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  arrive(party: number): void {
    this.#missing.delete(party);
    if (this.#missing.size === 0) this.#resolve();
  }

  fail(error: Error): void {
    this.#reject(error);
  }
}
