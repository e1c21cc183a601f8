import { refuse } from '@kilas/messages/refuse.ts';

/** Archives that this process sends at the same time: each holds a connection to the storage, of which uploads need some too. */
const allMax = 24;
/** Of one link: a browser that goes on, or a program that loads several parts at once. */
const linkMax = 4;
/** Of one address: who takes many links, and reads them slowly, leaves the others half of the places. */
const addressMax = allMax / 2;
const retryAfterSeconds = '5';

/** Who wants a place; one object for each request. */
export interface ArchiveGuest {
  readonly link: string;
  readonly address: string;
}

export class ArchivePlaces {
  readonly #taken = new Set<ArchiveGuest>();

  /** Refuses with ARCHIVES_BUSY when there is none; the place is taken until the returned function is called, once or more. */
  take(guest: ArchiveGuest): () => void {
    const all = [...this.#taken];
    const ofLink = all.filter(({ link }) => link === guest.link);
    const ofAddress = all.filter(({ address }) => address === guest.address);
    const isFull = all.length >= allMax || ofLink.length >= linkMax || ofAddress.length >= addressMax;
    if (isFull) refuse('ARCHIVES_BUSY', { retryAfterSeconds });
    this.#taken.add(guest);
    return () => void this.#taken.delete(guest);
  }
}
