import { sql, type Transaction } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';
import type { CapturedZone } from '../viewers/captured-from.ts';
import { captureOf, type PhotoChange } from './photo-store.ts';

/** Those of the photos that are the creator's and not removed, locked in id order. Not FOR UPDATE, see `lockPhoto`. */
export async function lockOwnPhotos(
  tx: Transaction<PhotoSchema>,
  { creatorId, photoIds }: { creatorId: string; photoIds: readonly string[] },
) {
  if (photoIds.length === 0) return [];
  return tx
    .selectFrom('photos')
    .select(['photo_id', 'event_id', 'face_count', 'price_idr', 'is_hidden'])
    .where('photo_id', 'in', [...photoIds])
    .where('creator_id', '=', creatorId)
    .where('status', '<>', 'removed')
    .orderBy('photo_id')
    .limit(photoIds.length)
    .forNoKeyUpdate()
    .execute();
}

/** Puts locked photos into an event. Capture times whose finding was not kept, or that are not known yet, stay as they are. */
export async function updateEvent(
  tx: Transaction<PhotoSchema>,
  { photoIds, eventId }: { photoIds: readonly string[]; eventId: string | null },
  latestCapture: Date,
): Promise<void> {
  const into = sql<string | null>`${eventId}::uuid`;
  const clock = { local: sql.ref<string | null>('captured_local'), offset: sql.ref<string | null>('captured_offset') };
  const read = captureOf({ ...clock, eventId: into }, latestCapture);
  await tx
    .updateTable('photos')
    .set({
      event_id: into,
      captured_at: sql<Date>`case when captured_zone is null then captured_at else ${read.captured_at} end`,
      captured_zone: sql<CapturedZone | null>`case when captured_zone is null then null else ${read.captured_zone} end`,
    })
    .where('photo_id', 'in', [...photoIds])
    .execute();
}

/** Changes locked photos alike. */
export async function updatePhotos(
  tx: Transaction<PhotoSchema>,
  photoIds: readonly string[],
  change: PhotoChange,
): Promise<void> {
  if (photoIds.length === 0) return;
  await tx
    .updateTable('photos')
    .set(change)
    .where('photo_id', 'in', [...photoIds])
    .execute();
}
