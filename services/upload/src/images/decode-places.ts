/** Work that nobody waits for at a request. */
export const inBackground = Symbol('in background');
type Account = string | typeof inBackground;

interface Waiting {
  readonly account: Account;
  readonly start: () => void;
}

/**
 * So many pictures are decoded at once in this process: each takes a thread of the few that files are read with too, and memory for its
 * pixels. Who has the fewest in work is next, and work in the background last, so that nobody's pictures keep all others waiting. Where that
 * fills all places, one picture that somebody waits for has a place beside it.
 */
export class DecodePlaces {
  readonly #max: number;
  readonly #running: Account[] = [];
  readonly #waiting: Waiting[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  async run<T>(account: Account, decode: () => Promise<T>): Promise<T> {
    if (!this.#hasPlaceFor(account)) {
      await new Promise<void>((start) => {
        this.#waiting.push({ account, start });
      });
    } else {
      this.#running.push(account);
    }
    try {
      return await decode();
    } finally {
      this.#running.splice(this.#running.indexOf(account), 1);
      this.#startNext();
    }
  }

  #startNext(): void {
    const [next] = this.#waiting.toSorted((a, b) => this.#rank(a.account) - this.#rank(b.account));
    if (next === undefined || !this.#hasPlaceFor(next.account)) return;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    // Taken here and not when it goes on, or somebody else would come in between.
    this.#running.push(next.account);
    next.start();
  }

  #hasPlaceFor(account: Account): boolean {
    if (this.#running.length < this.#max) return true;
    const isBesideBackground = this.#running.every((running) => running === inBackground);
    return account !== inBackground && isBesideBackground && this.#running.length === this.#max;
  }

  #rank(account: Account): number {
    if (account === inBackground) return this.#max;
    return this.#running.filter((running) => running === account).length;
  }
}
