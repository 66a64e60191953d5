/** A measure at a run's beginning, at its highest, and at its end. */
export interface StartPeakEnd {
  readonly start: number;
  readonly peak: number;
  readonly end: number;
}

/** Keeps start, peak and end of a measure as it is sampled. */
export class Range implements StartPeakEnd {
  readonly start: number;
  peak: number;
  end: number;

  constructor(start: number) {
    this.start = this.peak = this.end = start;
  }

  add(value: number): void {
    this.end = value;
    if (value > this.peak) this.peak = value;
  }
}
