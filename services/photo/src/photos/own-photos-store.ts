import type { Db } from '@kilas/platform/db/database.ts';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';
import type { CapturedZone } from '../viewers/captured-from.ts';
import { captureOf, type PhotoChange } from './photo-store.ts';

interface OwnPhotos {
  readonly creatorId: string;
  readonly photoIds: readonly string[];
}

/** Those of the photos that are the creator's and not removed, locked in id order. Not FOR UPDATE, see `lockPhoto`. */
export async function lockOwnPhotos(tx: Transaction<PhotoSchema>, own: OwnPhotos) {
  return own.photoIds.length === 0 ? [] : ownPhotos(tx, own).forNoKeyUpdate().execute();
}

/** As `lockOwnPhotos`, and waits for all that refer to one of them, so that they can be deleted. */
export async function lockDoomedPhotos(tx: Transaction<PhotoSchema>, own: OwnPhotos) {
  return own.photoIds.length === 0 ? [] : ownPhotos(tx, own).forUpdate().execute();
}

function ownPhotos(tx: Transaction<PhotoSchema>, { creatorId, photoIds }: OwnPhotos) {
  return tx
    .selectFrom('photos')
    .select(['photo_id', 'event_id', 'face_count', 'price_idr', 'is_hidden', 'is_sold_out'])
    .where('photo_id', 'in', [...photoIds])
    .where('creator_id', '=', creatorId)
    .where('status', '<>', 'removed')
    .orderBy('photo_id')
    .limit(photoIds.length);
}

/** Puts locked photos into an event. Capture times whose finding was not kept, or that are not known yet, stay as they are. */
export async function updateEvent(
  tx: Transaction<PhotoSchema>,
  { photoIds, eventId }: { photoIds: readonly string[]; eventId: string | null },
  latestCapture: Date,
): Promise<void> {
  const into = sql<string | null>`${eventId}::uuid`;
  const read = readAgain(into, latestCapture);
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

/** What the kept clock of a photo says in an event, or in none. */
function readAgain(eventId: RawBuilder<string | null>, latestCapture: Date) {
  const clock = { local: sql.ref<string | null>('captured_local'), offset: sql.ref<string | null>('captured_offset') };
  return captureOf({ ...clock, eventId }, latestCapture);
}

/**
 * Reads the capture times of an event's photos again, as `updateEvent` does, by what its locked row says by now. They are locked first: whoever
 * publishes one of them at the same time has it before, or reads the event after.
 */
export async function rereadCaptures(
  tx: Transaction<PhotoSchema>,
  eventId: string,
  latestCapture: Date,
): Promise<void> {
  await sql`select count(*) from (
    select from photos where event_id = ${eventId}::uuid order by photo_id for no key update
  ) locked`.execute(tx);
  const read = readAgain(sql<string | null>`${eventId}::uuid`, latestCapture);
  await tx
    .updateTable('photos')
    .set(read)
    .where('event_id', '=', eventId)
    .where('captured_zone', 'is not', null)
    .where(sql<boolean>`(captured_at, captured_zone) is distinct from (${read.captured_at}, ${read.captured_zone})`)
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

/** Deletes locked photos, to which nothing refers any more, and notes their ids: nothing registers them again. */
export async function deletePhotosForGood(
  tx: Transaction<PhotoSchema>,
  { creatorId, photoIds }: OwnPhotos,
  deletedAt: Date,
): Promise<void> {
  if (photoIds.length === 0) return;
  await tx
    .insertInto('deleted_photos')
    .values(photoIds.map((photoId) => ({ photo_id: photoId, creator_id: creatorId, deleted_at: deletedAt })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tx
    .deleteFrom('photos')
    .where('photo_id', 'in', [...photoIds])
    .execute();
}

/** Which of the photos the creator deleted before. */
export async function listDeleted(
  db: Db<PhotoSchema>,
  { creatorId, photoIds }: OwnPhotos,
): Promise<ReadonlySet<string>> {
  if (photoIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('deleted_photos')
    .select('photo_id')
    .where('photo_id', 'in', [...photoIds])
    .where('creator_id', '=', creatorId)
    .execute();
  return new Set(rows.map((row) => row.photo_id));
}

export async function isDeleted(db: Db<PhotoSchema>, photoId: string): Promise<boolean> {
  const query = db.selectFrom('deleted_photos').select('photo_id').where('photo_id', '=', photoId);
  return (await query.executeTakeFirst()) !== undefined;
}
