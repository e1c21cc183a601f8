import type { Db } from '@kilas/platform/db.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { mayAskPrice, type Viewer } from '../photos/photo-access.ts';

export async function listPhotosFor(db: Db<PhotoSchema>, photoIds: readonly string[], viewer: Viewer) {
  if (photoIds.length === 0) return [];
  return db
    .selectFrom('photos')
    .select(['photo_id', 'creator_id', 'title', 'price_idr', 'sale', 'status', 'is_hidden', 'is_sold_out'])
    .where('photo_id', 'in', [...photoIds])
    .where(mayAskPrice(viewer))
    .limit(photoIds.length)
    .execute();
}

export async function listDescriptions(db: Db<PhotoSchema>, photoIds: readonly string[]) {
  if (photoIds.length === 0) return [];
  return db
    .selectFrom('photos')
    .leftJoin('creators', 'creators.creator_id', 'photos.creator_id')
    .select(['photos.photo_id', 'title', 'photos.creator_id', 'display_name', 'thumbnail_key'])
    .where('photos.photo_id', 'in', [...photoIds])
    .limit(photoIds.length)
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
