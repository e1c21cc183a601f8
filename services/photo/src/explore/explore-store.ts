import type { Db } from '@kilas/platform/db/database.ts';
import { type RawBuilder, sql } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';
import { isAsked, isRejected, isShown, mayBeAsked, mayBeShown } from '../viewers/match-cut-sql.ts';
import { isOnSale, maySeePreview, rowAndPhoto } from '../viewers/photo-access-sql.ts';
import { type CapturePosition, keptIn, photosWithDetails } from '../viewers/photo-details-store.ts';
import type { MatchCut } from '../viewers/viewer.ts';

export interface ExploreFilter {
  readonly memberId: string;
  readonly cut: MatchCut;
  /** Leaves out looser matches that the cut would show, but not confirmed ones. */
  readonly levelMin: number | undefined;
  readonly eventId: string | undefined;
  readonly creatorId: string | undefined;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

/** A member's photos, newest capture first; also those that can no longer be bought; removed ones are gone. */
export async function listMatchesByMember(
  db: Db<PhotoSchema>,
  filter: ExploreFilter,
  page: { before: CapturePosition | undefined; limit: number },
) {
  const { levelMin, eventId, creatorId, from, to } = filter;
  const conditions = [
    mayBeShown,
    rowAndPhoto('matches', { row: isShown(filter.cut), photo: sql<boolean>`photos.status = 'on_sale'` }),
    levelMin === undefined ? undefined : sql<boolean>`(matches.answer = 'confirmed' or matches.level >= ${levelMin})`,
    eventId === undefined ? undefined : sql<boolean>`matches.event_id = ${eventId}::uuid`,
    creatorId === undefined ? undefined : sql<boolean>`matches.creator_id = ${creatorId}::uuid`,
    from === undefined ? undefined : sql<boolean>`matches.captured_at >= ${from}`,
    to === undefined ? undefined : sql<boolean>`matches.captured_at < ${to}`,
  ];
  return photosOfMember(db, filter, page, { conditions: conditions.filter((condition) => condition !== undefined) });
}

/** Photos of which a member is asked whether they are in them, newest capture first; none that they could not look at. */
export async function listQuestionsByMember(
  db: Db<PhotoSchema>,
  member: { memberId: string; cut: MatchCut },
  page: { before: CapturePosition | undefined; limit: number },
) {
  return photosOfMember(db, member, page, {
    conditions: [mayBeAsked, rowAndPhoto('matches', { row: isAsked(member.cut), photo: isOnSale })],
  });
}

/**
 * Photos of which a member said that they are not in them, newest capture first, to take that back; none that is hidden or removed. Whether they
 * may look at one besides, and so buy it, is told with it.
 */
export async function listRejectedByMember(
  db: Db<PhotoSchema>,
  member: { memberId: string; cut: MatchCut },
  page: { before: CapturePosition | undefined; limit: number },
) {
  return photosOfMember(db, member, page, {
    conditions: [isRejected, rowAndPhoto('matches', { photo: isOnSale })],
    isSeen: isRejected,
  });
}

/**
 * Which photos these are is read from `matches` alone, in the order of an index: joined, PostgreSQL would rather read all matches of the
 * member and sort them.
 */
async function photosOfMember(
  db: Db<PhotoSchema>,
  { memberId, cut }: { memberId: string; cut: MatchCut },
  { before, limit }: { before: CapturePosition | undefined; limit: number },
  { conditions, isSeen }: { conditions: readonly RawBuilder<boolean>[]; isSeen?: RawBuilder<boolean> },
) {
  const isBefore =
    before === undefined
      ? sql<boolean>`true`
      : sql<boolean>`(matches.captured_at, matches.photo_id) < (${before.capturedAt}, ${before.photoId}::uuid)`;
  const ids = sql<string>`array(
    select matches.photo_id from matches
    where matches.member_id = ${memberId}::uuid and matches.creator_id <> matches.member_id
      and ${sql.join([...conditions, isBefore], sql` and `)}
    order by matches.captured_at desc, matches.photo_id desc limit ${limit}
  )`;
  const viewer = { memberId, shareToken: null, cut };
  return photosWithDetails(db, viewer, isSeen)
    .$if(isSeen !== undefined, (query) => query.select(maySeePreview(viewer).as('may_look')))
    .select(keptIn(memberId).as('kept_in'))
    .where('photos.photo_id', '=', sql<string>`any(${ids})`)
    .orderBy('photos.captured_at', 'desc')
    .orderBy('photos.photo_id', 'desc')
    .limit(limit)
    .execute();
}
