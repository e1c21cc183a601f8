import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';
import { isOpenTo } from '../viewers/photo-access-sql.ts';
import { isBoughtBy, photosWithDetails } from '../viewers/photo-details-store.ts';
import type { Viewer } from '../viewers/viewer.ts';

export const collectionKinds = ['cart', 'wishlist', 'favourites'] as const;
export type CollectionKind = (typeof collectionKinds)[number];

/** False when the photo was deleted meanwhile. */
export async function insertIntoCollection(
  db: Db<PhotoSchema>,
  entry: { memberId: string; kind: CollectionKind; photoId: string; isByMatch: boolean; addedAt: Date },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into collections (member_id, kind, photo_id, is_by_match, added_at)
    select ${entry.memberId}, ${entry.kind}, photo_id, ${entry.isByMatch}, ${entry.addedAt}
    from photos where photo_id = ${entry.photoId} for key share`.execute(db);
  return numAffectedRows === 1n;
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

/** Out of everybody's lists. */
export async function deletePhotosFromCollections(
  tx: Transaction<PhotoSchema>,
  photoIds: readonly string[],
): Promise<void> {
  if (photoIds.length === 0) return;
  await tx
    .deleteFrom('collections')
    .where('photo_id', 'in', [...photoIds])
    .execute();
}

/** Of a member who has no account. */
export async function deleteCollections(db: Db<PhotoSchema>, memberId: string): Promise<void> {
  await db.deleteFrom('collections').where('member_id', '=', memberId).execute();
}

/** Whether nothing but a match lets the member see the photo: neither is it open to them, nor was it when they put it into a list. */
export async function isSeenByMatch(
  db: Db<PhotoSchema>,
  { photoId, viewer }: { photoId: string; viewer: Viewer },
): Promise<boolean> {
  const row = await db
    .selectFrom('photos')
    .select(
      sql<boolean>`(${isOpenTo(viewer)} or exists (
        select from collections c
        where c.photo_id = photos.photo_id and c.member_id = ${viewer.memberId}::uuid and not c.is_by_match
      ))`.as('is_founded'),
    )
    .where('photo_id', '=', photoId)
    .executeTakeFirst();
  return row?.is_founded !== true;
}

/** What was found otherwise since: the rows outlive the match. */
export async function markFounded(db: Db<PhotoSchema>, entry: { memberId: string; photoId: string }): Promise<void> {
  await db
    .updateTable('collections')
    .set({ is_by_match: false })
    .where('member_id', '=', entry.memberId)
    .where('photo_id', '=', entry.photoId)
    .where('is_by_match', '=', true)
    .execute();
}

/**
 * Takes out of a member's lists what only a match let them see that is gone, or that they rejected; answers how many rows. After whatever takes
 * matches away, in its transaction; the caller has locked the member. What they bought, took themselves or may see in a public event stays.
 */
export async function deleteUnfounded(tx: Transaction<PhotoSchema>, memberId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from collections c using photos
    where c.member_id = ${memberId}::uuid and c.is_by_match and photos.photo_id = c.photo_id
      and not ${isOpenTo({ memberId, shareToken: null })} and not ${isBoughtBy(memberId)}
      and not exists (
        select from matches m where m.photo_id = c.photo_id and m.member_id = c.member_id and m.answer <> 'rejected'
      )`.execute(tx);
  return Number(numAffectedRows ?? 0n);
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
