import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';

/** Adds faces to what was searched in a gallery. */
export async function addGalleryFaces(
  db: Db<PhotoSchema>,
  gallery: { galleryId: string; creatorId: string; faceCount: number },
): Promise<void> {
  await db
    .insertInto('galleries')
    .values({ gallery_id: gallery.galleryId, creator_id: gallery.creatorId, face_count: BigInt(gallery.faceCount) })
    .onConflict((conflict) =>
      conflict
        .columns(['gallery_id', 'creator_id'])
        .doUpdateSet({ face_count: sql`galleries.face_count + excluded.face_count` }),
    )
    .execute();
}

/** Of an event that is deleted, in which no photo is. */
export async function deleteGallery(tx: Transaction<PhotoSchema>, galleryId: string): Promise<void> {
  for (const table of ['galleries', 'gallery_totals', 'photos_by_state'] as const)
    await tx.deleteFrom(table).where('gallery_id', '=', galleryId).execute();
}

/** Of one creator, by gallery. Changes galleries in id order, after the photos, as all others who count faces do. */
export async function addFacesByGallery(
  tx: Transaction<PhotoSchema>,
  creatorId: string,
  faceCounts: ReadonlyMap<string, number>,
): Promise<void> {
  for (const galleryId of [...faceCounts.keys()].sort()) {
    const faceCount = faceCounts.get(galleryId) ?? 0;
    if (faceCount !== 0) await addGalleryFaces(tx, { galleryId, creatorId, faceCount });
  }
}
