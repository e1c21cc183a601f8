import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { isAsked, isShown } from './match-cut-sql.ts';
import type { Viewer } from './viewer.ts';

/** Whether the viewer holds the link of an event, on rows of `events`. */
export function holdsLink({ shareToken }: Pick<Viewer, 'shareToken'>) {
  // Digests are compared: how long that takes says nothing of the token.
  const digest = shareToken === null ? null : createHash('sha256').update(shareToken).digest();
  return sql<boolean>`coalesce(sha256(events.share_token::bytea) = ${digest}::bytea, false)`;
}

/** Whether everyone, or the holder of the link, may browse an event; on rows of `events`. */
export function isOpenEvent(viewer: Pick<Viewer, 'shareToken'>) {
  return sql<boolean>`(
    events.visibility = 'public' or (events.visibility = 'unlisted' and ${holdsLink(viewer)})
  )`;
}

function isOwn({ memberId }: Pick<Viewer, 'memberId'>) {
  return sql`photos.creator_id = ${memberId}::uuid`;
}

/** On rows of `photos`. */
export const isOnSale = sql<boolean>`(photos.status = 'on_sale' and not photos.is_hidden)`;

/**
 * Conditions that PostgreSQL has to compute or look up for a row of a list and for its photo, on rows of `table`. In a SELECT of its own, PostgreSQL
 * expects that half of the rows match, so it reads the list in its order and stops. Otherwise it expects nearly no match, so it would read and
 * sort all rows.
 */
export function rowAndPhoto(
  table: 'matches' | 'collections',
  conditions: { row?: RawBuilder<boolean>; photo: RawBuilder<boolean> },
) {
  const { row = sql<boolean>`true`, photo } = conditions;
  return sql<boolean>`(
    select ${row} and ${photo} from photos where photos.photo_id = ${sql.ref(`${table}.photo_id`)}
  )`;
}

/**
 * Looks up one row that belongs to a photo, and never by EXISTS: for a page with many photos, PostgreSQL would read all public events, all matches
 * of the viewer or all their lists, whenever it expects few of them.
 */
function isInOpenEvent(viewer: Pick<Viewer, 'shareToken'>) {
  return sql`coalesce((select ${isOpenEvent(viewer)} from events where events.event_id = photos.event_id), false)`;
}

/** Whether a viewer may see a photo whoever is in it, on rows of `photos`: their own, or in an event that is open to them. */
export function isOpenTo(viewer: Pick<Viewer, 'memberId' | 'shareToken'>) {
  return sql<boolean>`(${isOwn(viewer)} or ${isInOpenEvent(viewer)})`;
}

function hasMatch({ memberId }: Viewer, isSeen: RawBuilder<boolean>) {
  return sql`coalesce((
    select ${isSeen} from matches where matches.photo_id = photos.photo_id and matches.member_id = ${memberId}::uuid
  ), false)`;
}

/**
 * Whether the viewer appears in the photo, as far as that is shown to them, or put it into a list while they might see it: what only a match let them
 * see goes from their lists with the match, see `deleteUnfounded`.
 */
function isTheirs(viewer: Viewer) {
  const { memberId, cut } = viewer;
  return sql`(
    ${hasMatch(viewer, isShown(cut))}
    or coalesce((
      select true from collections c where c.photo_id = photos.photo_id and c.member_id = ${memberId}::uuid limit 1
    ), false)
  )`;
}

/**
 * Who may see a photo's preview, on rows of `photos`. Its creator always may. While the photo is on sale, these may too: a member who is shown that
 * they appear in it, or is asked whether they do; a member who has it in a list of their own; the holder of an unlisted event's link; and everyone
 * in a public event. Whoever may see a preview may buy.
 */
export function maySeePreview(viewer: Viewer) {
  const isAskedOf = hasMatch(viewer, isAsked(viewer.cut));
  return sql<boolean>`(
    ${isOwn(viewer)} or (${isOnSale} and (${isInOpenEvent(viewer)} or ${isTheirs(viewer)} or ${isAskedOf}))
  )`;
}

/**
 * Who may hear why a photo cannot be bought, on rows of `photos`: whoever may see its preview, or might if it were still on
 * sale and they are shown that they appear in it or kept it.
 */
export function mayAskPrice(viewer: Viewer) {
  return sql<boolean>`(
    ${maySeePreview(viewer)}
    or (photos.preview_key is not null and ${isTheirs(viewer)})
  )`;
}
