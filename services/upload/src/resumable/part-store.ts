import type { Db } from '@kilas/platform/db/database.ts';
import type { Transaction } from 'kysely';
import type { UploadSchema } from '../db/schema.ts';
import type { Part } from './resumable-upload.ts';

export async function insertPart(
  db: Db<UploadSchema>,
  part: { objectKey: string; uploadId: string; startBytes: number; sizeBytes: number },
): Promise<void> {
  await db
    .insertInto('resumable_parts')
    .values({
      object_key: part.objectKey,
      upload_id: part.uploadId,
      start_bytes: BigInt(part.startBytes),
      size_bytes: BigInt(part.sizeBytes),
    })
    .execute();
}

export async function markPartStored(tx: Transaction<UploadSchema>, objectKey: string): Promise<void> {
  await tx
    .updateTable('resumable_parts')
    .set({ is_stored: true })
    .where('object_key', '=', objectKey)
    .where('is_stored', '=', false)
    .execute();
}

/** Those that count, in the order of their bytes. */
export async function listStoredParts(db: Db<UploadSchema>, uploadId: string): Promise<Part[]> {
  return db
    .selectFrom('resumable_parts')
    .selectAll()
    .where('upload_id', '=', uploadId)
    .where('is_stored', '=', true)
    .orderBy('start_bytes')
    .execute();
}

/** All of an upload, also those that never came to count. */
export async function listPartKeys(db: Db<UploadSchema>, uploadId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('resumable_parts')
    .select('object_key')
    .where('upload_id', '=', uploadId)
    .orderBy('object_key')
    .execute();
  return rows.map((row) => row.object_key);
}

/** Parts of uploads that ended before this. */
export async function listPartKeysOfEnded(db: Db<UploadSchema>, before: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('resumable_parts')
    .innerJoin('resumable_uploads', 'resumable_uploads.upload_id', 'resumable_parts.upload_id')
    .select('object_key')
    .where('state', '<>', 'receiving')
    .where('ended_at', '<', before)
    .orderBy('ended_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.object_key);
}

export async function deletePart(db: Db<UploadSchema>, objectKey: string): Promise<void> {
  await db.deleteFrom('resumable_parts').where('object_key', '=', objectKey).execute();
}
