import { refuse } from '@kilas/messages/refuse.ts';
import type { RateLimit } from '@kilas/platform/rate-limit.ts';
import type { SharedState } from '@kilas/platform/shared-state.ts';
import type { UploadConfig } from './config.ts';

const hourSeconds = 3600;
const busySeconds = 5;
/** What one account may take of the places there are. */
const accountShare = 4;

export interface Limits {
  readonly photosByCreator: RateLimit;
  readonly selfiesByMember: RateLimit;
  readonly photosAtOnce: Places;
  /** Places of their own: a storm of photos keeps no selfie waiting. */
  readonly selfiesAtOnce: Places;
}

export function openLimits(config: UploadConfig, shared: SharedState): Limits {
  const limit = (name: string, attempts: number) => shared.rateLimit(name, { attempts, windowSeconds: hourSeconds });
  return {
    photosByCreator: limit('upload-photos-by-creator', config.PHOTOS_PER_HOUR_MAX),
    selfiesByMember: limit('upload-selfies-by-member', config.SELFIES_PER_HOUR_MAX),
    photosAtOnce: new Places(config.UPLOADS_AT_ONCE_MAX),
    selfiesAtOnce: new Places(config.UPLOADS_AT_ONCE_MAX),
  };
}

/** So many requests at the same time in this process, of which one account has a quarter: spooled files take disk. */
export class Places {
  readonly #max: number;
  readonly #byAccount = new Map<string, number>();
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Runs while a place is taken; refuses with UPLOADS_BUSY when there is none. */
  async hold<T>(accountId: string, run: () => Promise<T>): Promise<T> {
    const own = this.#byAccount.get(accountId) ?? 0;
    if (this.#taken >= this.#max || own >= Math.max(1, Math.floor(this.#max / accountShare))) {
      refuse('UPLOADS_BUSY', { retryAfterSeconds: String(busySeconds) });
    }
    this.#taken += 1;
    this.#byAccount.set(accountId, own + 1);
    try {
      return await run();
    } finally {
      this.#taken -= 1;
      const left = (this.#byAccount.get(accountId) ?? 1) - 1;
      if (left === 0) this.#byAccount.delete(accountId);
      else this.#byAccount.set(accountId, left);
    }
  }
}
