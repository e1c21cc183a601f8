import type { Db } from '@kilas/platform/db.ts';
import { type RawBuilder, sql } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';
import { isAsked, isRejected, isShown, type MatchCut } from '../matches/match-cut.ts';
import { type CapturePosition, photosWithDetails } from '../photos/photo-store.ts';

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
  return photosOfMember(db, filter, page)
    .where(isShown(filter.cut))
    .$if(levelMin !== undefined, (query) =>
      query.where(sql<boolean>`(matches.answer = 'confirmed' or matches.level >= ${levelMin})`),
    )
    .$if(eventId !== undefined, (query) => query.where('photos.event_id', '=', eventId ?? null))
    .$if(creatorId !== undefined, (query) => query.where('photos.creator_id', '=', creatorId ?? ''))
    .$if(from !== undefined, (query) => query.where('photos.captured_at', '>=', from ?? new Date(0)))
    .$if(to !== undefined, (query) => query.where('photos.captured_at', '<', to ?? new Date(0)))
    .execute();
}

/** Photos of which a member is asked whether they are in them, newest capture first; none that they could not look at. */
export async function listQuestionsByMember(
  db: Db<PhotoSchema>,
  member: { memberId: string; cut: MatchCut },
  page: { before: CapturePosition | undefined; limit: number },
) {
  return photosOfMember(db, member, page).where(isAsked(member.cut)).where('photos.is_hidden', '=', false).execute();
}

/** Photos of which a member said that they are not in them, newest capture first, to take that back; none that they could not look at. */
export async function listRejectedByMember(
  db: Db<PhotoSchema>,
  member: { memberId: string; cut: MatchCut },
  page: { before: CapturePosition | undefined; limit: number },
) {
  return photosOfMember(db, member, page, isRejected).where('photos.is_hidden', '=', false).execute();
}

function photosOfMember(
  db: Db<PhotoSchema>,
  { memberId, cut }: { memberId: string; cut: MatchCut },
  { before, limit }: { before: CapturePosition | undefined; limit: number },
  isSeen?: RawBuilder<boolean>,
) {
  return photosWithDetails(db, { memberId, shareToken: null, cut }, isSeen)
    .select([
      inCollection(memberId, 'cart').as('in_cart'),
      inCollection(memberId, 'wishlist').as('in_wishlist'),
      inCollection(memberId, 'favourites').as('in_favourites'),
    ])
    .where('matches.member_id', '=', memberId)
    .where('photos.creator_id', '<>', memberId)
    .where('photos.status', '=', 'on_sale')
    .$if(before !== undefined, (query) =>
      query.where(
        sql<boolean>`(photos.captured_at, photos.photo_id) < (${before?.capturedAt}, ${before?.photoId}::uuid)`,
      ),
    )
    .orderBy('photos.captured_at', 'desc')
    .orderBy('photos.photo_id', 'desc')
    .limit(limit);
}

function inCollection(memberId: string, kind: 'cart' | 'wishlist' | 'favourites') {
  return sql<boolean>`exists (
    select 1 from collections c where c.member_id = ${memberId}::uuid and c.kind = ${kind} and c.photo_id = photos.photo_id
  )`;
}
