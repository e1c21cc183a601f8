import { refuse } from '@kilas/messages/refuse.ts';

/** Archives that this process sends at the same time: each holds a connection to the storage, of which uploads need some too. */
const allMax = 24;
/** Of one link: a browser that goes on, or a program that loads several parts at once. */
const linkMax = 4;
const retryAfterSeconds = '5';

export class ArchivePlaces {
  readonly #taken = new Map<string, number>();
  #count = 0;

  /** Refuses with ARCHIVES_BUSY when there is none; the place is taken until the returned function is called, once or more. */
  take(link: string): () => void {
    const own = this.#taken.get(link) ?? 0;
    if (this.#count >= allMax || own >= linkMax) refuse('ARCHIVES_BUSY', { retryAfterSeconds });
    this.#taken.set(link, own + 1);
    this.#count += 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#count -= 1;
      const left = (this.#taken.get(link) ?? 1) - 1;
      if (left === 0) this.#taken.delete(link);
      else this.#taken.set(link, left);
    };
  }
}
