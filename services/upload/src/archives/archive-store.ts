import type { Db } from '@kilas/platform/db/database.ts';
import { z } from 'zod';
import type { UploadSchema } from '../db/schema.ts';
import { type ArchiveEntry, archiveEntry } from './archive.ts';

/** What upload knows of originals, of those of the photos that it knows. */
export async function listOriginals(db: Db<UploadSchema>, photoIds: readonly string[]) {
  return db
    .selectFrom('uploads')
    .select(['photo_id as photoId', 'original_key as key', 'size_bytes as sizeBytes', 'crc32'])
    .where('photo_id', 'in', [...photoIds])
    .where('state', '<>', 'intended')
    .orderBy('photo_id')
    .limit(photoIds.length)
    .execute();
}

export type Original = Awaited<ReturnType<typeof listOriginals>>[number];

export async function insertArchive(
  db: Db<UploadSchema>,
  archive: { tokenHash: string; fileName: string; entries: readonly ArchiveEntry[]; expiresAt: Date },
): Promise<void> {
  await db
    .insertInto('archives')
    .values({
      token_hash: archive.tokenHash,
      file_name: archive.fileName,
      entries: JSON.stringify(archive.entries),
      expires_at: archive.expiresAt,
    })
    .execute();
}

/** Undefined when there is none, or when it has expired. */
export async function findArchive(
  db: Db<UploadSchema>,
  tokenHash: string,
  now: Date,
): Promise<{ fileName: string; entries: ArchiveEntry[] } | undefined> {
  const row = await db
    .selectFrom('archives')
    .select(['file_name as fileName', 'entries'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row && { fileName: row.fileName, entries: z.array(archiveEntry).parse(row.entries) };
}

export async function deleteArchivesBefore(db: Db<UploadSchema>, before: Date): Promise<void> {
  await db.deleteFrom('archives').where('expires_at', '<=', before).execute();
}
