import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { isTimeZone } from '@kilas/platform/values/time-zone.ts';
import type { Transaction } from 'kysely';
import type { PhotoContext } from '../context.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { holdEventOfCreator } from '../events/event-store.ts';
import { isDeleted } from './own-photos-store.ts';
import { findPhoto, insertPhoto, isReadableZone, markRaw } from './photo-store.ts';

export interface RegisterPhotoInput {
  readonly photoId: string;
  readonly creatorId: string;
  readonly eventId: string | null;
  readonly title: string;
  readonly description: string;
  readonly priceIdr: bigint;
  readonly sale: 'shared' | 'exclusive';
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
  readonly sha256: string;
  readonly sizeBytes: bigint;
  readonly format: string;
  readonly originalKey: string;
  /** The creator's, in which the clock of their camera is read where nothing nearer says it. */
  readonly timeZone: string | null;
}

/** Takes a photo into the catalogue as raw. Idempotent by photo id; one that failed becomes raw again, one that its creator deleted stays gone. */
export async function registerPhoto(ctx: PhotoContext, input: RegisterPhotoInput): Promise<void> {
  if (input.priceIdr < 0n || input.priceIdr > BigInt(ctx.config.PRICE_MAX_IDR)) refuse('PRICE_OUT_OF_RANGE');
  const now = ctx.clock.now();
  const timeZone = (await isReadable(ctx, input.timeZone)) ? input.timeZone : null;
  await transact(ctx.db, async (tx) => {
    const added = await addPhoto(tx, { ...input, timeZone }, now);
    if (added === 'no event') refuse('EVENT_NOT_FOUND');
    if (added === 'added') return;
    const photo = added === 'deleted' ? undefined : await findPhoto(tx, input.photoId);
    if (photo === undefined) refuse('PHOTO_DELETED');
    if (photo.creator_id !== input.creatorId) refuse('PHOTO_NOT_FOUND');
    if (photo.status === 'removed') refuse('PHOTO_REMOVED');
    await markRaw(tx, input.photoId);
  });
}

/** Adds a raw photo, unless it is there, was deleted, or its event is not the creator's. */
export async function addPhoto(
  tx: Transaction<PhotoSchema>,
  input: RegisterPhotoInput,
  uploadedAt: Date,
): Promise<'added' | 'there' | 'deleted' | 'no event'> {
  // The photo may be in another event by now.
  if ((await findPhoto(tx, input.photoId)) !== undefined) return 'there';
  // After that: who deletes a photo notes it in the same transaction.
  if (await isDeleted(tx, input.photoId)) return 'deleted';
  if (input.eventId !== null && !(await holdEventOfCreator(tx, input.eventId, input.creatorId))) return 'no event';
  const isNew = await insertPhoto(tx, {
    photo_id: input.photoId,
    creator_id: input.creatorId,
    event_id: input.eventId,
    title: input.title,
    description: input.description,
    price_idr: input.priceIdr,
    sale: input.sale,
    latitude: input.place?.latitude ?? null,
    longitude: input.place?.longitude ?? null,
    sha256: input.sha256,
    size_bytes: input.sizeBytes,
    format: input.format,
    original_key: input.originalKey,
    captured_at: uploadedAt,
    uploaded_at: uploadedAt,
    creator_time_zone: input.timeZone,
  });
  return isNew ? 'added' : 'there';
}

/** A zone that PostgreSQL here lacks would keep the photo from going on sale: it is left out. */
async function isReadable(ctx: PhotoContext, zone: string | null): Promise<boolean> {
  return zone !== null && isTimeZone(zone) && (await isReadableZone(ctx.db, zone));
}
