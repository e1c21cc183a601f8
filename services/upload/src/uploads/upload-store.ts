import type { Db } from '@kilas/platform/db/database.ts';
import { type Insertable, sql, type Transaction } from 'kysely';
import type { UploadSchema } from '../db/schema.ts';
import { deriveTriesMax, type Upload } from './upload.ts';

/** Answers the row, or undefined when this creator has sent these bytes before. */
export async function insertIntent(
  db: Db<UploadSchema>,
  upload: Insertable<UploadSchema['uploads']>,
): Promise<Upload | undefined> {
  return db
    .insertInto('uploads')
    .values(upload)
    .onConflict((conflict) => conflict.constraint('uploads_bytes_unique').doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function findUpload(db: Db<UploadSchema>, photoId: string): Promise<Upload | undefined> {
  return db.selectFrom('uploads').selectAll().where('photo_id', '=', photoId).executeTakeFirst();
}

export async function findUploadOfCreator(
  db: Db<UploadSchema>,
  upload: { photoId: string; creatorId: string },
): Promise<Upload | undefined> {
  return db
    .selectFrom('uploads')
    .selectAll()
    .where('photo_id', '=', upload.photoId)
    .where('creator_id', '=', upload.creatorId)
    .executeTakeFirst();
}

export async function findUploadBySha256(
  db: Db<UploadSchema>,
  bytes: { creatorId: string; sha256: string },
): Promise<Upload | undefined> {
  return db
    .selectFrom('uploads')
    .selectAll()
    .where('creator_id', '=', bytes.creatorId)
    .where('sha256', '=', bytes.sha256)
    .executeTakeFirst();
}

export async function listIntendedBefore(db: Db<UploadSchema>, before: Date, limit: number): Promise<Upload[]> {
  return db
    .selectFrom('uploads')
    .selectAll()
    .where('state', '=', 'intended')
    .where('created_at', '<', before)
    .orderBy('created_at')
    .limit(limit)
    .execute();
}

/** False when it is no longer an intent: somebody else accepted it, or took it away. */
export async function markAccepted(
  tx: Transaction<UploadSchema>,
  upload: { photoId: string; now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('uploads')
    .set({ state: 'accepted', updated_at: upload.now })
    .where('photo_id', '=', upload.photoId)
    .where('state', '=', 'intended')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** False when it is no longer an intent. */
export async function deleteIntent(tx: Transaction<UploadSchema>, photoId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('uploads')
    .where('photo_id', '=', photoId)
    .where('state', '=', 'intended')
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Counts a start of the image work, for good even if the process dies of it; undefined when there is nothing to make. */
export async function startDeriving(
  db: Db<UploadSchema>,
  upload: { photoId: string; now: Date },
): Promise<Upload | undefined> {
  return db
    .updateTable('uploads')
    .set({ derive_count: sql`derive_count + 1`, updated_at: upload.now })
    .where('photo_id', '=', upload.photoId)
    .where('state', '=', 'accepted')
    .returningAll()
    .executeTakeFirst();
}

/** Allows one start more, for one that said nothing of the picture. */
export async function raiseDeriveCountMax(db: Db<UploadSchema>, photoId: string): Promise<void> {
  await db
    .updateTable('uploads')
    .set({ derive_count_max: sql`derive_count_max + 1` })
    .where('photo_id', '=', photoId)
    .where('state', '=', 'accepted')
    .execute();
}

export async function markProcessed(
  tx: Transaction<UploadSchema>,
  upload: { photoId: string; now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('uploads')
    .set({ state: 'processed', updated_at: upload.now })
    .where('photo_id', '=', upload.photoId)
    .where('state', '=', 'accepted')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Only the newest start of the image work may fail a photo: `deriveCount` is the number that it got. */
export async function markFailed(
  db: Db<UploadSchema>,
  upload: { photoId: string; deriveCount: number; reason: string; now: Date },
): Promise<void> {
  await db
    .updateTable('uploads')
    .set({ state: 'failed', failure_reason: upload.reason, updated_at: upload.now })
    .where('photo_id', '=', upload.photoId)
    .where('state', '=', 'accepted')
    .where('derive_count', '=', upload.deriveCount)
    .execute();
}

/** Ends a photo whose original is lost, whatever was made of it. */
export async function markLost(
  tx: Transaction<UploadSchema>,
  upload: { photoId: string; reason: string; now: Date },
): Promise<void> {
  await tx
    .updateTable('uploads')
    .set({ state: 'failed', failure_reason: upload.reason, updated_at: upload.now })
    .where('photo_id', '=', upload.photoId)
    .where('state', 'in', ['accepted', 'processed'])
    .execute();
}

/** Gives a photo as many tries again; false when it is in none of the states given. */
export async function markRetried(
  tx: Transaction<UploadSchema>,
  upload: { photoId: string; now: Date },
  from: readonly Upload['state'][],
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('uploads')
    .set({
      state: 'accepted',
      failure_reason: null,
      derive_count_max: sql`derive_count + ${deriveTriesMax}`,
      updated_at: upload.now,
    })
    .where('photo_id', '=', upload.photoId)
    .where('state', 'in', from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Of photos that are gone, in whatever state; answers the rows as they were. */
export async function deleteUploads(tx: Transaction<UploadSchema>, photoIds: readonly string[]): Promise<Upload[]> {
  if (photoIds.length === 0) return [];
  await lockUploads(tx, photoIds);
  return tx
    .deleteFrom('uploads')
    .where('photo_id', 'in', [...photoIds])
    .returningAll()
    .execute();
}

async function lockUploads(tx: Transaction<UploadSchema>, photoIds: readonly string[]): Promise<void> {
  const locked = tx
    .selectFrom('uploads')
    .select('photo_id')
    .where('photo_id', 'in', [...photoIds]);
  await locked.orderBy('photo_id').forUpdate().execute();
}

/** Counted once: the original never changes. */
export async function updateCrc32(db: Db<UploadSchema>, upload: { photoId: string; crc32: number }): Promise<void> {
  await db
    .updateTable('uploads')
    .set({ crc32: BigInt(upload.crc32) })
    .where('photo_id', '=', upload.photoId)
    .where('crc32', 'is', null)
    .execute();
}

export async function updateEvent(
  tx: Transaction<UploadSchema>,
  photoIds: readonly string[],
  eventId: string | null,
): Promise<void> {
  if (photoIds.length === 0) return;
  await lockUploads(tx, photoIds);
  await tx
    .updateTable('uploads')
    .set({ event_id: eventId })
    .where('photo_id', 'in', [...photoIds])
    .execute();
}
