import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { PhotoContext } from '../context.ts';
import { lockPhoto, markOnSale } from './photo-store.ts';

export interface PublishPhotoInput {
  readonly photoId: string;
  readonly width: number;
  readonly height: number;
  readonly previewKey: string;
  readonly thumbnailKey: string;
  readonly previewSmallKey?: string | undefined;
  readonly thumbnailSmallKey?: string | undefined;
  readonly thumbhash?: Uint8Array | undefined;
  /** Wall-clock time of the camera, "2026-05-01T07:30:00". */
  readonly capturedLocal?: string | undefined;
  /** "+07:00" */
  readonly capturedOffset?: string | undefined;
  /** What said it, e.g. "exif:DateTimeOriginal". */
  readonly capturedFrom?: string | undefined;
  readonly camera?: string | undefined;
}

/** A camera's clock may run ahead. */
const clockErrorMaxSeconds = 86_400;

/** Puts a photo on sale once its derived images stand in storage. Idempotent. */
export async function publishPhoto(ctx: PhotoContext, input: PublishPhotoInput): Promise<void> {
  const { photoId, camera = null, previewSmallKey = null, thumbnailSmallKey = null, thumbhash } = input;
  const small = { previewSmallKey, thumbnailSmallKey, thumbhash: thumbhash ? Buffer.from(thumbhash) : null };
  const published = { ...input, ...small, camera, ...clockOf(input) };
  await transact(ctx.db, async (tx) => {
    // Locked before its event is read: whoever changes the event at the same time locks its photos.
    if ((await lockPhoto(tx, photoId)) === undefined) refuse('PHOTO_NOT_FOUND');
    await markOnSale(tx, photoId, published, latestCapture(ctx));
  });
}

/** Until when a capture time is believed. */
export function latestCapture(ctx: Pick<PhotoContext, 'clock'>): Date {
  return addSeconds(ctx.clock.now(), clockErrorMaxSeconds);
}

/** What of the camera's clock makes sense. */
function clockOf({ capturedLocal, capturedOffset, capturedFrom }: PublishPhotoInput) {
  const none = { capturedLocal: null, capturedOffset: null, capturedField: null };
  if (capturedLocal === undefined || !isWallClock(capturedLocal)) return none;
  const hasOffset = capturedOffset !== undefined && /^[+-](0\d|1[0-4]):[0-5]\d$/.test(capturedOffset);
  // A release that knew one field alone does not name it.
  const capturedField = capturedFrom ?? 'exif:DateTimeOriginal';
  return { capturedLocal, capturedOffset: hasOffset ? capturedOffset : null, capturedField };
}

/** True for a time that exists: not the 31st of February, which PostgreSQL refuses. */
function isWallClock(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text) ? new Date(`${text}Z`) : new Date(Number.NaN);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}
