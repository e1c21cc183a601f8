import type { Db } from '@kilas/platform/db/database.ts';
import { sql } from 'kysely';
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
