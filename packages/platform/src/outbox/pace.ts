const sizeMin = 1;
const sizeFirst = 32;
const sizeMax = 500;
/** A call that takes about so long costs little for each event, and holds no lock of the subscriber's for long, in milliseconds. */
const aimMs = 250;
const restFirstMs = 500;
const restMaxMs = 5_000;

/** How many events a call carries, and how long the subscriber is left alone after one that failed. */
export class Pace {
  #size = sizeFirst;
  #failures = 0;

  get size(): number {
    return this.#size;
  }

  /** Whether a call of so many can be blamed on its first event alone. */
  get isLeast(): boolean {
    return this.#size === sizeMin;
  }

  succeeded(count: number, tookMs: number): void {
    this.#failures = 0;
    const fitting = Math.floor((count * aimMs) / Math.max(tookMs, 1));
    // Faster than what the last one showed it never grows: a few slow events may come next.
    this.#size = Math.max(sizeMin, Math.min(sizeMax, fitting, this.#size * 2));
  }

  /** Answers how long to rest, in milliseconds. */
  failed(): number {
    this.#size = Math.max(sizeMin, Math.floor(this.#size / 2));
    const restMs = Math.min(restMaxMs, restFirstMs * 2 ** this.#failures);
    this.#failures += 1;
    return restMs;
  }
}
