import { refusal } from '@kilas/messages/refuse.ts';
import { breakOff, bytesPerSecondOf, isReceiving } from '@kilas/platform/http/receiving.ts';
import { networkOf } from '@kilas/platform/shared/rate-limit.ts';
import { crowdOf } from '@kilas/platform/turns/fair-line.ts';
import type { FastifyRequest } from 'fastify';

const retryAfterSeconds = '5';
/** What one account may take of the places there are, and what all people behind one address may. */
const accountShare = 1 / 4;
const addressShare = 1 / 2;
/** A body that comes more slowly gives its place to another one when there is none left: less than a slow mobile connection gives. */
const busyBytesPerSecondMin = 32 * 1024;

/** Who wants a place, and for which request. */
export interface Guest {
  readonly accountId: string;
  readonly address: string;
  /** Whether bytes are still to come. */
  isReceiving(): boolean;
  /** How fast they come; undefined while that cannot be said. */
  bytesPerSecond(): number | undefined;
  /** Ends the request with this error. */
  breakOff(error: Error): void;
}

export function guestOf(request: FastifyRequest, accountId: string): Guest {
  return {
    accountId,
    address: networkOf(request.ip),
    isReceiving: () => isReceiving(request),
    bytesPerSecond: () => bytesPerSecondOf(request),
    breakOff: (error) => breakOff(request, error),
  };
}

/**
 * The number of requests that may send files to this process at the same time, because spooled files take disk and memory. When no place is left, a
 * newcomer takes the place of a request that is still being received: of the account with more places than theirs, or of the request whose bytes
 * hardly come. So neither many requests nor slow ones keep others out.
 */
export class Places {
  readonly #max: number;
  readonly #taken = new Set<Guest>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Runs while a place is taken; refuses with UPLOADS_BUSY when there is none. */
  async hold<T>(guest: Guest, run: () => Promise<T>): Promise<T> {
    this.#seat(guest);
    try {
      return await run();
    } finally {
      this.#taken.delete(guest);
    }
  }

  #seat(guest: Guest): void {
    const all = [...this.#taken];
    const own = all.filter(({ accountId }) => accountId === guest.accountId);
    if (own.length >= this.#shareOf(accountShare)) throw busy();
    const near = all.filter(({ address }) => address === guest.address);
    if (near.length >= this.#shareOf(addressShare)) this.#displace(near, own.length);
    else if (all.length >= this.#max) this.#displace(all, own.length);
    this.#taken.add(guest);
  }

  #displace(guests: readonly Guest[], ownCount: number): void {
    const leaving = this.#heaviest(guests, ownCount) ?? slowest(guests.filter(isSlow));
    if (leaving === undefined) throw busy();
    this.#taken.delete(leaving);
    leaving.breakOff(busy());
  }

  /** The slowest of the account that has most, if it has more than the newcomer will have. */
  #heaviest(guests: readonly Guest[], ownCount: number): Guest | undefined {
    const receiving = guests.filter((guest) => guest.isReceiving());
    const crowd = crowdOf(receiving, ({ accountId }) => accountId);
    return crowd.length > ownCount + 1 ? slowest(crowd) : undefined;
  }

  #shareOf(share: number): number {
    return Math.max(1, Math.floor(this.#max * share));
  }
}

function isSlow(guest: Guest): boolean {
  return guest.isReceiving() && (guest.bytesPerSecond() ?? busyBytesPerSecondMin) < busyBytesPerSecondMin;
}

/** One of which nothing can be said yet counts as fast. */
function slowest(guests: readonly Guest[]): Guest | undefined {
  const speed = (guest: Guest) => guest.bytesPerSecond() ?? Number.POSITIVE_INFINITY;
  return guests.reduce<Guest | undefined>(
    (least, guest) => (least === undefined || speed(guest) < speed(least) ? guest : least),
    undefined,
  );
}

function busy(): Error {
  return refusal('UPLOADS_BUSY', { retryAfterSeconds });
}
