// The observers of a run as one: what each asks for is told to it, and none can end the run.

import type { Measurement, RunStart } from "./measurement.ts";
import type { Observer, Second } from "./observer.ts";
import type { Progress } from "./progress.ts";

/** All observers of a run as one. None of them can end the run: one that throws is dropped, and its error told. */
export class Observers implements Required<Observer> {
  readonly #all: Set<Observer>;
  readonly #onError: (error: unknown) => void;

  constructor(all: Iterable<Observer> = [], onError: (error: unknown) => void = console.error) {
    this.#all = new Set(all);
    this.#onError = onError;
  }

  /** Whether progress has to be worked out at all. */
  get wantTicks(): boolean {
    for (const { tick } of this.#all) if (tick !== undefined) return true;
    return false;
  }

  /** Whether samples have to be kept at all. */
  get wantSeconds(): boolean {
    for (const { second } of this.#all) if (second !== undefined) return true;
    return false;
  }

  begin(start: RunStart): void {
    this.#tell((observer) => observer.begin?.(start));
  }

  tick(now: Progress): void {
    this.#tell((observer) => observer.tick?.(now));
  }

  second(second: Second): void {
    this.#tell((observer) => observer.second?.(second));
  }

  end(run: Measurement): void {
    this.#tell((observer) => observer.end?.(run));
  }

  #tell(call: (observer: Observer) => void): void {
    for (const observer of this.#all) {
      try {
        call(observer);
      } catch (error) {
        this.#all.delete(observer);
        this.#onError(error);
      }
    }
  }
}
