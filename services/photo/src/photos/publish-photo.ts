import { refuse } from '@kilas/messages/refuse.ts';
import { addSeconds } from '@kilas/platform/clock.ts';
import type { PhotoContext } from '../context.ts';
import { findEvent } from '../events/event-store.ts';
import { findPhoto, getInstant, markOnSale } from './photo-store.ts';

export interface PublishPhotoInput {
  readonly photoId: string;
  readonly width: number;
  readonly height: number;
  readonly previewKey: string;
  readonly thumbnailKey: string;
  /** EXIF wall-clock time, "2026-05-01T07:30:00". */
  readonly capturedLocal: string | undefined;
  /** EXIF offset, "+07:00". */
  readonly capturedOffset: string | undefined;
  readonly camera: string | undefined;
}

const oldestCapture = new Date('1990-01-01T00:00:00Z');
const clockErrorMaxSeconds = 86_400;

/** Puts a photo on sale once its derived images stand in storage. Idempotent. */
export async function publishPhoto(ctx: PhotoContext, input: PublishPhotoInput): Promise<void> {
  const photo = await findPhoto(ctx.db, input.photoId);
  if (photo === undefined) refuse('PHOTO_NOT_FOUND');
  const capturedAt = await captureTime(ctx, input, photo);
  await markOnSale(ctx.db, input.photoId, {
    width: input.width,
    height: input.height,
    previewKey: input.previewKey,
    thumbnailKey: input.thumbnailKey,
    camera: input.camera ?? null,
    capturedAt,
  });
}

/** The camera's time in its own offset, else in the event's zone; when it is missing or absurd, the time of the upload. */
async function captureTime(
  ctx: PhotoContext,
  { capturedLocal, capturedOffset }: PublishPhotoInput,
  photo: { event_id: string | null; uploaded_at: Date },
): Promise<Date> {
  if (capturedLocal === undefined || !isWallClock(capturedLocal)) return photo.uploaded_at;
  const hasOffset = capturedOffset !== undefined && /^[+-]\d{2}:\d{2}$/.test(capturedOffset);
  const zone = photo.event_id === null ? undefined : (await findEvent(ctx.db, photo.event_id))?.time_zone;
  if (!hasOffset && zone === undefined) return photo.uploaded_at;
  const taken = hasOffset
    ? new Date(`${capturedLocal}${capturedOffset}`)
    : await getInstant(ctx.db, capturedLocal, zone ?? 'UTC');
  const isPlausible = taken >= oldestCapture && taken <= addSeconds(ctx.clock.now(), clockErrorMaxSeconds);
  return isPlausible ? taken : photo.uploaded_at;
}

/** True for a time that exists: not the 31st of February, which PostgreSQL refuses. */
function isWallClock(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text) ? new Date(`${text}Z`) : new Date(Number.NaN);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}
