// Random numbers that are the same under every runtime: integers, and arithmetic that IEEE 754 rounds in one way only.
// Math.log is not among it; the engines' differ in the last bit.

/** A stream of random numbers: sfc32 of PractRand (Chris Doty-Humphrey). */
export class Variates {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** Starts the stream that three numbers of 32 bits stand for. */
  seed(a: number, b: number, c: number): void {
    this.#a = a | 0;
    this.#b = b | 0;
    this.#c = c | 0;
    this.#counter = 1;
    for (let round = 0; round < 12; round++) this.#next(); // as many as its author mixes a seed with
  }

  /** Uniform between 0 and 1, neither of them included: 52 bits, and half a step. */
  uniform(): number {
    const high = this.#next() >>> 6;
    return (high * 2 ** 26 + (this.#next() >>> 6) + 0.5) / 2 ** 52;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -ln(this.uniform());
  }

  /** Normal with mean 0 and deviation 1, by Marsaglia's polar method. */
  normal(): number {
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square < 1 && square > 0) return x * Math.sqrt((-2 * ln(square)) / square);
    }
  }

  /** The sum of `shape` exponentials, 1 or more, at the cost of one or two (Marsaglia and Tsang 2000). */
  gamma(shape: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const square = x * x;
      const u = this.uniform();
      if (u < 1 - 0.0331 * square * square || ln(u) < square / 2 + d * (1 - v + ln(v))) return d * v;
    }
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0;
    return sum;
  }
}

/** The natural logarithm, to about an ulp: 2·artanh((x − 1)/(x + 1)) as a series, for a mantissa from √½ to √2. */
function ln(x: number): number {
  let exponent = 0;
  for (; x < Math.SQRT1_2; x *= 2) exponent -= 1;
  for (; x > Math.SQRT2; x /= 2) exponent += 1;
  const s = (x - 1) / (x + 1);
  const q = s * s;
  const low = 1 / 11 + q * (1 / 13 + q * (1 / 15 + q * (1 / 17 + q * (1 / 19 + q / 21))));
  const series = 1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * low))));
  return exponent * Math.LN2 + 2 * s * series;
}
