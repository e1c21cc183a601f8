const sizeMin = 1;
const sizeFirst = 128;
const sizeMax = 500;
/**
 * A quick call may carry more, a slow one holds locks of the subscriber's for long and should carry less, in milliseconds. Not few, though: where a
 * disk or a processor is busy most of the time goes into the call itself, and small ones would make that worse.
 */
const quickMs = 1_000;
const slowMs = 3_000;
const sizeOfSlow = 64;
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

  succeeded(tookMs: number): void {
    this.#failures = 0;
    if (tookMs < quickMs) this.#size = Math.min(sizeMax, this.#size * 2);
    else if (tookMs > slowMs) this.#size = Math.min(this.#size, Math.max(sizeOfSlow, Math.floor(this.#size / 2)));
  }

  /** Answers how long to rest, in milliseconds. */
  failed(): number {
    this.#size = Math.max(sizeMin, Math.floor(this.#size / 2));
    const restMs = Math.min(restMaxMs, restFirstMs * 2 ** this.#failures);
    this.#failures += 1;
    return restMs;
  }
}
