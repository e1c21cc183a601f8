import { type RawBuilder, sql } from 'kysely';
import { collectionKinds } from '../collections/collection-store.ts';
import { isShown, mayBeShown, searchedIn, searchedOnce } from '../viewers/match-cut-sql.ts';
import { isOnSale, rowAndPhoto } from '../viewers/photo-access-sql.ts';
import type { CapturePosition } from '../viewers/photo-details-store.ts';
import type { Viewer } from '../viewers/viewer.ts';

/** Part of an event's photos, by capture time. */
export interface Slice {
  /** Without the position itself. */
  readonly before?: CapturePosition | undefined;
  /** With the position itself. */
  readonly from?: CapturePosition | undefined;
  readonly limit?: number;
  /** The newest stand first otherwise. */
  readonly isOldestFirst?: boolean;
}

/** `event_id` of a row, or a parameter. */
type EventId = RawBuilder<string>;

export const idOfEvent = (eventId: string): EventId => sql<string>`${eventId}::uuid`;

/** What everyone may browse in an event that is open to them: `photo_id` and `captured_at` of all that is on sale. */
export function onSaleIn(eventId: EventId, slice: Slice) {
  return sql`(
    select photo_id, captured_at from photos where event_id = ${eventId} and ${isOnSale} ${sliced(slice, 'photos')}
  )`;
}

/** What a creator has on sale in an event; with what they hid, where they are to see it. */
export function ownIn(eventId: EventId, memberId: string, slice: Slice, { withHidden = false } = {}) {
  return sql`(
    select photo_id, captured_at from photos
    where creator_id = ${memberId}::uuid and event_id = ${eventId} and status = 'on_sale'
      ${withHidden ? sql`` : sql`and not is_hidden`} ${sliced(slice, 'photos')}
  )`;
}

/** Photos of others in which the member is shown that they appear. */
export function matchedIn(eventId: EventId, memberId: string, { cut }: Viewer, slice: Slice) {
  return sql`(
    select matched.* from ${searchedIn(eventId, memberId)} cross join lateral (
      select matches.photo_id, matches.captured_at from matches
      where matches.member_id = ${memberId}::uuid and matches.event_id = ${eventId}
        and matches.creator_id <> matches.member_id and ${mayBeShown}
        and ${rowAndPhoto('matches', { row: isShown(cut, searchedOnce), photo: isOnSale })}
        ${sliced(slice, 'matches')}
    ) matched
  )`;
}

/** What the member put into a list while they might see it; a photo may be in each of them. */
export function keptIn(eventId: EventId, memberId: string, { limit, ...slice }: Slice) {
  const rows = limit === undefined ? slice : { ...slice, limit: collectionKinds.length * limit };
  return sql`(
    select collections.photo_id, collections.captured_at from collections
    where collections.member_id = ${memberId}::uuid and collections.event_id = ${eventId}
      and ${rowAndPhoto('collections', { photo: isOnSale })} ${sliced(rows, 'collections')}
  )`;
}

/**
 * What a viewer may browse in an event: all that is on sale where it is open to them, else their own photos on sale, those in which they appear and
 * those that they kept. Each part is read by an index in the order of the slice; `union` takes a photo once. Nothing for who is not signed in
 * where the event is not open.
 */
export function browsableIn(
  { eventId, isOpen }: { eventId: EventId; isOpen: boolean },
  viewer: Viewer,
  slice: Slice,
  { withHidden = false } = {},
) {
  const { memberId } = viewer;
  const open = isOpen ? [onSaleIn(eventId, slice)] : [];
  const own = memberId === null || (isOpen && !withHidden) ? [] : [ownIn(eventId, memberId, slice, { withHidden })];
  const theirs =
    memberId === null || isOpen ? [] : [matchedIn(eventId, memberId, viewer, slice), keptIn(eventId, memberId, slice)];
  const parts = [...open, ...own, ...theirs];
  const nothing = sql`select null::uuid as photo_id, null::timestamptz as captured_at where false`;
  return parts.length === 0 ? nothing : sql.join(parts, sql` union `);
}

/** The order and the ends of a slice, after the conditions of a SELECT. */
export function sliced({ before, from, limit, isOldestFirst = false }: Slice, table: string) {
  const position = sql`${sql.ref(`${table}.captured_at`)}, ${sql.ref(`${table}.photo_id`)}`;
  const ends = [
    ...(before === undefined ? [] : [sql`and (${position}) < (${before.capturedAt}, ${before.photoId}::uuid)`]),
    ...(from === undefined ? [] : [sql`and (${position}) >= (${from.capturedAt}, ${from.photoId}::uuid)`]),
  ];
  const direction = isOldestFirst ? sql`asc` : sql`desc`;
  const order = sql`order by ${sql.ref(`${table}.captured_at`)} ${direction}, ${sql.ref(`${table}.photo_id`)} ${direction}`;
  return sql`${sql.join(ends, sql` `)} ${limit === undefined ? sql`` : sql`${order} limit ${limit}`}`;
}
