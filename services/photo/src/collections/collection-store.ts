import type { Db } from '@kilas/platform/db.ts';
import { sql } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';
import type { Viewer } from '../photos/photo-access.ts';
import { photosWithDetails } from '../photos/photo-store.ts';

export const collectionKinds = ['cart', 'wishlist', 'favourites'] as const;
export type CollectionKind = (typeof collectionKinds)[number];

export async function insertIntoCollection(
  db: Db<PhotoSchema>,
  entry: { memberId: string; kind: CollectionKind; photoId: string; addedAt: Date },
): Promise<void> {
  await db
    .insertInto('collections')
    .values({ member_id: entry.memberId, kind: entry.kind, photo_id: entry.photoId, added_at: entry.addedAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function deleteFromCollection(
  db: Db<PhotoSchema>,
  entry: { memberId: string; kind: CollectionKind; photoIds: readonly string[] },
): Promise<void> {
  if (entry.photoIds.length === 0) return;
  await db
    .deleteFrom('collections')
    .where('member_id', '=', entry.memberId)
    .where('kind', '=', entry.kind)
    .where('photo_id', 'in', [...entry.photoIds])
    .execute();
}

export async function countCollection(db: Db<PhotoSchema>, memberId: string, kind: CollectionKind): Promise<number> {
  const row = await db
    .selectFrom('collections')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('member_id', '=', memberId)
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function isInCollection(
  db: Db<PhotoSchema>,
  entry: { memberId: string; kind: CollectionKind; photoId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('collections')
    .select('photo_id')
    .where('member_id', '=', entry.memberId)
    .where('kind', '=', entry.kind)
    .where('photo_id', '=', entry.photoId)
    .executeTakeFirst();
  return row !== undefined;
}

export interface AddedPosition {
  /** As `exactTime` wrote it. */
  readonly addedAt: string;
  readonly photoId: string;
}

/** A member's list, last added first; photos that can no longer be bought stay in it. */
export async function listCollection(
  db: Db<PhotoSchema>,
  list: { memberId: string; kind: CollectionKind; viewer: Viewer },
  page: { before: AddedPosition | undefined; limit: number },
) {
  const { before, limit } = page;
  return photosWithDetails(db, list.viewer)
    .innerJoin('collections', 'collections.photo_id', 'photos.photo_id')
    .select('collections.added_at')
    .where('collections.member_id', '=', list.memberId)
    .where('collections.kind', '=', list.kind)
    .$if(before !== undefined, (query) =>
      query.where(
        sql<boolean>`(collections.added_at, collections.photo_id) < (${before?.addedAt}, ${before?.photoId}::uuid)`,
      ),
    )
    .orderBy('collections.added_at', 'desc')
    .orderBy('collections.photo_id', 'desc')
    .limit(limit)
    .execute();
}
