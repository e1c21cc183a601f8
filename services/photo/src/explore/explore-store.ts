import type { Db } from '@kilas/platform/db.ts';
import { sql } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';
import { type CapturePosition, photosWithDetails } from '../photos/photo-store.ts';

export interface ExploreFilter {
  readonly memberId: string;
  /** 1 to 9 as the member chose, or 0 for the default cut. */
  readonly levelChosen: number;
  readonly levelMin: number;
  readonly strangersMax: number;
  readonly eventId: string | undefined;
  readonly creatorId: string | undefined;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

/**
 * What is shown of a member's matches: those they confirmed, and of the others what their level admits. Without a level, what
 * keeps the expected number of strangers in the gallery (the event, or the creator's photos without one) under the limit.
 */
function isShown({ memberId, levelChosen, levelMin, strangersMax }: ExploreFilter) {
  if (levelChosen > 0) return sql<boolean>`(matches.answer = 'confirmed' or matches.level >= ${levelChosen})`;
  return sql<boolean>`(
    matches.answer = 'confirmed'
    or (matches.level >= ${levelMin} and matches.false_match_rate * (
      select coalesce(sum(g.face_count), 0) from galleries g
      where g.gallery_id = coalesce(photos.event_id, photos.creator_id) and g.creator_id <> ${memberId}::uuid
    ) <= ${strangersMax})
  )`;
}

/** A member's photos, newest capture first; also those that can no longer be bought, but for hidden and removed ones. */
export async function listMatchesByMember(
  db: Db<PhotoSchema>,
  filter: ExploreFilter,
  page: { before: CapturePosition | undefined; limit: number },
) {
  const { memberId, eventId, creatorId, from, to } = filter;
  const { before, limit } = page;
  return photosWithDetails(db, { memberId, shareToken: null })
    .select([
      inCollection(memberId, 'cart').as('in_cart'),
      inCollection(memberId, 'wishlist').as('in_wishlist'),
      inCollection(memberId, 'favourites').as('in_favourites'),
    ])
    .where('matches.member_id', '=', memberId)
    .where('photos.creator_id', '<>', memberId)
    .where('photos.status', '=', 'on_sale')
    .where('photos.is_hidden', '=', false)
    .where(isShown(filter))
    .$if(eventId !== undefined, (query) => query.where('photos.event_id', '=', eventId ?? null))
    .$if(creatorId !== undefined, (query) => query.where('photos.creator_id', '=', creatorId ?? ''))
    .$if(from !== undefined, (query) => query.where('photos.captured_at', '>=', from ?? new Date(0)))
    .$if(to !== undefined, (query) => query.where('photos.captured_at', '<', to ?? new Date(0)))
    .$if(before !== undefined, (query) =>
      query.where(
        sql<boolean>`(photos.captured_at, photos.photo_id) < (${before?.capturedAt}, ${before?.photoId}::uuid)`,
      ),
    )
    .orderBy('photos.captured_at', 'desc')
    .orderBy('photos.photo_id', 'desc')
    .limit(limit)
    .execute();
}

function inCollection(memberId: string, kind: 'cart' | 'wishlist' | 'favourites') {
  return sql<boolean>`exists (
    select 1 from collections c where c.member_id = ${memberId}::uuid and c.kind = ${kind} and c.photo_id = photos.photo_id
  )`;
}
