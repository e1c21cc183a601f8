/** Steps in which distances are kept: finer than what a Float32 holds of an embedding. */
const stepsPerUnit = 2 ** 22;
/** A sorted number holds a distance above, the pair's own number below; 52 bits, so that a double holds both. */
const PAIRS_MAX = 2 ** 26;
const stepMax = 2 ** 26 - 1;

/** Pairs of faces by rising distance; an infinite one is of a face that was not found or may not decide. */
export interface SortedPairs {
  readonly distances: Float64Array;
  /** What was given for each pair, numbers of faces. */
  readonly left: Uint32Array;
  readonly right: Uint32Array;
}

/** Collects millions of pairs in little memory. */
export class PairList {
  #keys = new Float64Array(1024);
  #left = new Uint32Array(1024);
  #right = new Uint32Array(1024);
  #count = 0;

  add(distance: number, left: number, right: number): void {
    const i = this.#count;
    if (i === this.#keys.length) this.#grow();
    const step = Math.min(Math.round(distance * stepsPerUnit), stepMax);
    this.#keys[i] = step * PAIRS_MAX + i;
    this.#left[i] = left;
    this.#right[i] = right;
    this.#count = i + 1;
  }

  sorted(): SortedPairs {
    const keys = this.#keys.subarray(0, this.#count).sort();
    const left = new Uint32Array(keys.length);
    const right = new Uint32Array(keys.length);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? 0;
      const step = Math.floor(key / PAIRS_MAX);
      const pair = key - step * PAIRS_MAX;
      left[i] = this.#left[pair] ?? 0;
      right[i] = this.#right[pair] ?? 0;
      keys[i] = step === stepMax ? Number.POSITIVE_INFINITY : step / stepsPerUnit;
    }
    return { distances: keys, left, right };
  }

  #grow(): void {
    const length = 2 * this.#keys.length;
    if (length > PAIRS_MAX) throw new Error(`more than ${PAIRS_MAX} pairs are not compared`);
    const [keys, left, right] = [new Float64Array(length), new Uint32Array(length), new Uint32Array(length)];
    keys.set(this.#keys);
    left.set(this.#left);
    right.set(this.#right);
    [this.#keys, this.#left, this.#right] = [keys, left, right];
  }
}

/** Those pairs that `belongs` admits, in the same order. */
export function filterPairs(pairs: SortedPairs, belongs: (left: number, right: number) => boolean): SortedPairs {
  const chosen = new Uint32Array(pairs.distances.length);
  let count = 0;
  for (let i = 0; i < pairs.distances.length; i++) {
    if (belongs(pairs.left[i] ?? 0, pairs.right[i] ?? 0)) chosen[count++] = i;
  }
  const kept = chosen.subarray(0, count);
  return {
    distances: Float64Array.from(kept, (i) => pairs.distances[i] ?? 0),
    left: Uint32Array.from(kept, (i) => pairs.left[i] ?? 0),
    right: Uint32Array.from(kept, (i) => pairs.right[i] ?? 0),
  };
}
