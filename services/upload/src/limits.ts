import type { RateLimit } from '@kilas/platform/shared/rate-limit.ts';
import type { SharedState } from '@kilas/platform/shared/shared-state.ts';
import type { UploadConfig } from './config.ts';
import { Places } from './places.ts';

const hourSeconds = 3600;

export interface Limits {
  readonly photosByCreator: RateLimit;
  /** Resumable ones that begin: each leaves a row for days, also when it is cancelled or refused. Twice the photos: connections break. */
  readonly uploadsByCreator: RateLimit;
  readonly selfiesByMember: RateLimit;
  readonly challengesByMember: RateLimit;
  readonly photosAtOnce: Places;
  /** Places of their own: a storm of photos keeps no selfie waiting. */
  readonly selfiesAtOnce: Places;
}

export function openLimits(config: UploadConfig, shared: SharedState): Limits {
  const limit = (name: string, attempts: number) => shared.rateLimit(name, { attempts, windowSeconds: hourSeconds });
  return {
    photosByCreator: limit('upload-photos-by-creator', config.PHOTOS_PER_HOUR_MAX),
    uploadsByCreator: limit('upload-resumable-by-creator', 2 * config.PHOTOS_PER_HOUR_MAX),
    selfiesByMember: limit('upload-selfies-by-member', config.SELFIES_PER_HOUR_MAX),
    challengesByMember: limit('upload-challenges-by-member', config.SELFIES_PER_HOUR_MAX),
    photosAtOnce: new Places(config.UPLOADS_AT_ONCE_MAX),
    selfiesAtOnce: new Places(config.UPLOADS_AT_ONCE_MAX),
  };
}
