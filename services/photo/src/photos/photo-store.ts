import type { Db } from '@kilas/platform/db/database.ts';
import { type Insertable, type Kysely, type RawBuilder, sql } from 'kysely';
import type { PhotoRow, PhotoSchema } from '../db/schema.ts';
import type { CapturedZone } from '../viewers/captured-from.ts';

/** PostgreSQL's code for a parameter that it cannot use. */
const invalidParameter = '22023';

/** True when the row is new; false when the photo is there already. */
export async function insertPhoto(db: Db<PhotoSchema>, row: Insertable<PhotoRow>): Promise<boolean> {
  const result = await db
    .insertInto('photos')
    .values(row)
    .onConflict((conflict) => conflict.column('photo_id').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) === 1n;
}

export async function findPhoto(db: Db<PhotoSchema>, photoId: string) {
  return db.selectFrom('photos').selectAll().where('photo_id', '=', photoId).executeTakeFirst();
}

/** Not FOR UPDATE: a match that is inserted beside refers to the photo and would wait for it, while we wait for its member. */
export async function lockPhoto(db: Db<PhotoSchema>, photoId: string) {
  return db.selectFrom('photos').selectAll().where('photo_id', '=', photoId).forNoKeyUpdate().executeTakeFirst();
}

/** A photo whose upload is tried again. */
export async function markRaw(db: Db<PhotoSchema>, photoId: string): Promise<void> {
  await db
    .updateTable('photos')
    .set({ status: 'raw', failure_reason: null })
    .where('photo_id', '=', photoId)
    .where('status', '=', 'failed')
    .execute();
}

export interface Published {
  readonly width: number;
  readonly height: number;
  readonly previewKey: string;
  readonly thumbnailKey: string;
  readonly previewSmallKey: string | null;
  readonly thumbnailSmallKey: string | null;
  readonly thumbhash: Buffer | null;
  readonly camera: string | null;
  readonly capturedLocal: string | null;
  readonly capturedOffset: string | null;
  readonly capturedField: string | null;
}

/** Puts a raw or failed photo on sale; a second call changes nothing. */
export async function markOnSale(
  db: Db<PhotoSchema>,
  photoId: string,
  published: Published,
  latestCapture: Date,
): Promise<void> {
  const local = sql<string | null>`${published.capturedLocal}::text`;
  const offset = sql<string | null>`${published.capturedOffset}::text`;
  await db
    .updateTable('photos')
    .set({
      status: 'on_sale',
      failure_reason: null,
      width: published.width,
      height: published.height,
      preview_key: published.previewKey,
      thumbnail_key: published.thumbnailKey,
      preview_small_key: published.previewSmallKey,
      thumbnail_small_key: published.thumbnailSmallKey,
      thumbhash: published.thumbhash,
      camera: published.camera,
      captured_local: published.capturedLocal,
      captured_offset: published.capturedOffset,
      captured_field: published.capturedField,
      ...captureOf({ local, offset, eventId: sql.ref('photos.event_id') }, latestCapture),
    })
    .where('photo_id', '=', photoId)
    .where('status', 'in', ['raw', 'failed'])
    .execute();
}

/** Ends a photo's recognition; the first processed image stays. */
export async function markRecognised(
  db: Db<PhotoSchema>,
  photoId: string,
  found: { faceCount: number; processedKey: string },
): Promise<void> {
  await db
    .updateTable('photos')
    .set({
      recognition: 'done',
      recognition_failure: null,
      face_count: found.faceCount,
      processed_key: sql`coalesce(processed_key, ${found.processedKey})`,
    })
    .where('photo_id', '=', photoId)
    .execute();
}

/** Answers whose photo it is; undefined when its recognition has ended before, well or not. */
export async function markRecognitionFailed(
  db: Db<PhotoSchema>,
  photoId: string,
  reason: string,
): Promise<string | undefined> {
  const failed = await db
    .updateTable('photos')
    .set({ recognition: 'failed', recognition_failure: reason })
    .where('photo_id', '=', photoId)
    .where('recognition', '=', 'pending')
    .returning('creator_id')
    .executeTakeFirst();
  return failed?.creator_id;
}

/** A photo whose recognition failed is to be recognised again. */
export async function markUnrecognised(db: Db<PhotoSchema>, photoId: string): Promise<void> {
  await db
    .updateTable('photos')
    .set({ recognition: 'pending', recognition_failure: null })
    .where('photo_id', '=', photoId)
    .where('recognition', '=', 'failed')
    .execute();
}

export async function markSoldOut(db: Db<PhotoSchema>, photoIds: readonly string[]): Promise<void> {
  if (photoIds.length === 0) return;
  await db
    .updateTable('photos')
    .set({ is_sold_out: true })
    .where('photo_id', 'in', [...photoIds].sort())
    .where('sale', '=', 'exclusive')
    .execute();
}

/** Answers whose photo it is that failed now; undefined when it was in none of the states given. */
export async function markFailed(
  db: Db<PhotoSchema>,
  photoId: string,
  reason: string,
  from: readonly ('raw' | 'on_sale')[] = ['raw'],
): Promise<string | undefined> {
  const failed = await db
    .updateTable('photos')
    .set({ status: 'failed', failure_reason: reason })
    .where('photo_id', '=', photoId)
    .where('status', 'in', from)
    .returning('creator_id')
    .executeTakeFirst();
  return failed?.creator_id;
}

/** Photography is older, scans of it seldom. */
const oldestCapture = new Date('1900-01-01T00:00:00Z');

/**
 * `captured_at` and `captured_zone` for an update of `photos`, of a wall clock and an event that may be its columns or new values: the
 * instant by the file's own offset, else in the event's time zone, else in that of the creator when they sent the photo. What is missing, later
 * than `latest` or than a day after the event, is the time of the upload, or the event's end where that was before. So nobody comes first in an
 * event by a clock that runs ahead, or by none. Read in the statement that changes the row, so that two changes at once end
 * as one after the other. An hour that a zone leaves out is read as the one after it, one that it has twice as the later one.
 */
export function captureOf(
  read: { local: RawBuilder<string | null>; offset: RawBuilder<string | null>; eventId: RawBuilder<string | null> },
  latest: Date,
): { captured_at: RawBuilder<Date>; captured_zone: RawBuilder<CapturedZone> } {
  const { local, offset, eventId } = read;
  const eventZone = sql`(select e.time_zone from events e where e.event_id = ${eventId})`;
  const zone = sql`coalesce(${eventZone}, photos.creator_time_zone)`;
  const instant = sql`(case when ${offset} is not null then (${local} || ${offset})::timestamptz
    else ${local}::timestamp at time zone ${zone} end)`;
  const eventEnd = sql`(select e.ends_at from events e where e.event_id = ${eventId})`;
  const isPlausible = sql`coalesce(${instant} between ${oldestCapture}::timestamptz
    and least(${latest}::timestamptz, ${eventEnd} + interval '1 day'), false)`;
  return {
    // Nothing is taken after it was sent.
    captured_at: sql<Date>`least(photos.uploaded_at, case when ${isPlausible} then ${instant} else ${eventEnd} end)`,
    captured_zone: sql<CapturedZone>`case when not ${isPlausible} then 'upload' when ${offset} is not null then 'file'
      when ${eventId} is not null then 'event' else 'creator' end`,
  };
}

/** Whether PostgreSQL reads times in the zone; cheaper than to look for it among all names. Not for a transaction, which an unknown one ends. */
export async function isReadableZone(db: Kysely<PhotoSchema>, zone: string): Promise<boolean> {
  try {
    await sql`select now() at time zone ${zone}`.execute(db);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === invalidParameter) return false;
    throw error;
  }
}

export interface PhotoChange {
  readonly title?: string;
  readonly description?: string;
  readonly price_idr?: bigint;
  readonly is_hidden?: boolean;
}

/** Changes a creator's own photo; false when it is not theirs or was removed. */
export async function updateOwnPhoto(
  db: Db<PhotoSchema>,
  key: { photoId: string; creatorId: string },
  change: PhotoChange,
): Promise<boolean> {
  const result = await db
    .updateTable('photos')
    .set(change)
    .where('photo_id', '=', key.photoId)
    .where('creator_id', '=', key.creatorId)
    .where('status', '<>', 'removed')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
