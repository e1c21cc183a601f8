const start = 4;
const least = 3;
/** Long enough for several files to end. */
const windowMs = 3_000;

/** How many files to send at once: one more while that makes it faster, one less where it does not, and fewest when the server has too much to do. */
export class Parallel {
  readonly #most: number;
  #limit: number;
  #step = 1;
  #windowBytes = 0;
  #windowStart: number | undefined;
  #lastRate = 0;

  constructor(most: number) {
    this.#most = most;
    this.#limit = Math.min(start, most);
  }

  get limit(): number {
    return this.#limit;
  }

  sent(bytes: number, now: number): void {
    this.#windowStart ??= now;
    this.#windowBytes += bytes;
    const lengthMs = now - this.#windowStart;
    if (lengthMs < windowMs) return;
    const rate = this.#windowBytes / lengthMs;
    if (rate < this.#lastRate) this.#step = -this.#step;
    this.#limit = Math.min(this.#most, Math.max(Math.min(least, this.#most), this.#limit + this.#step));
    this.#lastRate = rate;
    this.#restart();
  }

  hadTrouble(): void {
    this.#limit = Math.max(1, this.#limit - 1);
    this.#lastRate = 0;
    this.#step = 1;
    this.#restart();
  }

  #restart(): void {
    this.#windowBytes = 0;
    this.#windowStart = undefined;
  }
}
