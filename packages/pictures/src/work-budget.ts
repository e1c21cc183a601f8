import { PictureError } from './picture-error.ts';

/**
 * How many things of a file may be looked at, one after another on the event loop. Places in a file may be named again and
 * again, so that without it a few kilobytes would keep everybody waiting for hours.
 */
export class WorkBudget {
  #left: number;

  constructor(max: number) {
    this.#left = max;
  }

  /** Throws `broken` once more is asked for than any picture needs. */
  take(count: number): void {
    this.#left -= count;
    if (!(this.#left >= 0)) throw new PictureError('broken');
  }
}
