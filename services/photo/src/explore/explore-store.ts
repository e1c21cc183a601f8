import type { Db } from '@kilas/platform/db/database.ts';
import { type RawBuilder, sql } from 'kysely';
import type { CollectionKind } from '../collections/collection-store.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { type EventPosition, eventsWithCover } from '../events/event-store.ts';
import {
  isAsked,
  isRejected,
  isShown,
  mayBeAsked,
  mayBeShown,
  searchedIn,
  searchedOnce,
} from '../viewers/match-cut-sql.ts';
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
    ...found(filter.cut),
    levelMin === undefined ? undefined : sql<boolean>`(matches.answer = 'confirmed' or matches.level >= ${levelMin})`,
    eventId === undefined ? undefined : sql<boolean>`matches.event_id = ${eventId}::uuid`,
    creatorId === undefined ? undefined : sql<boolean>`matches.creator_id = ${creatorId}::uuid`,
    from === undefined ? undefined : sql<boolean>`matches.captured_at >= ${from}`,
    to === undefined ? undefined : sql<boolean>`matches.captured_at < ${to}`,
  ];
  return photosOfMember(db, filter, page, { conditions: conditions.filter((condition) => condition !== undefined) });
}

/** Matches that are shown as found. */
function found(cut: MatchCut, searched?: RawBuilder<bigint>): RawBuilder<boolean>[] {
  const row = isShown(cut, searched);
  return [mayBeShown, rowAndPhoto('matches', { row, photo: sql<boolean>`photos.status = 'on_sale'` })];
}

/** Matches that the member is asked about. */
function asked(cut: MatchCut): RawBuilder<boolean>[] {
  return [mayBeAsked, rowAndPhoto('matches', { row: isAsked(cut), photo: isOnSale })];
}

/** Photos of which a member is asked whether they are in them, newest capture first; none that they could not look at. */
export async function listQuestionsByMember(
  db: Db<PhotoSchema>,
  member: { memberId: string; cut: MatchCut },
  page: { before: CapturePosition | undefined; limit: number },
) {
  return photosOfMember(db, member, page, { conditions: asked(member.cut) });
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
      ? []
      : [sql<boolean>`(matches.captured_at, matches.photo_id) < (${before.capturedAt}, ${before.photoId}::uuid)`];
  const ids = idsOfMatches(memberId, [...conditions, ...isBefore], limit);
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

/** An array of the photos of a member's matches, newest capture first. */
function idsOfMatches(memberId: string, conditions: readonly RawBuilder<boolean>[], limit: number) {
  return sql<string>`array(
    select matches.photo_id from matches where ${ofMember(memberId)} and ${sql.join(conditions, sql` and `)}
    order by matches.captured_at desc, matches.photo_id desc limit ${limit}
  )`;
}

/** On rows of `matches`; nobody is found in their own photos. */
function ofMember(memberId: string) {
  return sql<boolean>`(matches.member_id = ${memberId}::uuid and matches.creator_id <> matches.member_id)`;
}

/** A badge shows no more. */
export const countMax = 999;

/** How many photos a member was found in, is asked about and keeps, each up to `countMax`. */
export async function countForMember(db: Db<PhotoSchema>, { memberId, cut }: { memberId: string; cut: MatchCut }) {
  const count = (conditions: readonly RawBuilder<boolean>[]) =>
    sql<number>`cardinality(${idsOfMatches(memberId, conditions, countMax)})`;
  const kept = (kind: CollectionKind) => sql<number>`(
    select count(*)::int from (
      select from collections c where c.member_id = ${memberId}::uuid and c.kind = ${kind} limit ${countMax}
    ) kept
  )`;
  return db
    .selectNoFrom([
      count(found(cut)).as('matches'),
      count(asked(cut)).as('questions'),
      kept('cart').as('cart'),
      kept('wishlist').as('wishlist'),
      kept('favourites').as('favourites'),
    ])
    .executeTakeFirstOrThrow();
}

/** Events of one member that are looked through; nobody runs in so many. */
const eventsMax = 1_000;

/**
 * Events in which a member was found, those that start last first, with how many photos of each explore shows, up to `countMax`. Which events these
 * are is read from one match of each: a member may be in thousands of photos of one.
 */
export async function listEventsByMember(
  db: Db<PhotoSchema>,
  { memberId, cut }: { memberId: string; cut: MatchCut },
  { before, limit }: { before: EventPosition | undefined; limit: number },
) {
  const theirs = sql`${ofMember(memberId)} and ${mayBeShown}`;
  const eventIds = sql`(
    with recursive of_event (event_id) as (
      (select matches.event_id from matches where ${theirs} and matches.event_id is not null order by matches.event_id limit 1)
      union all
      select (
        select matches.event_id from matches where ${theirs} and matches.event_id > of_event.event_id
        order by matches.event_id limit 1
      ) from of_event where of_event.event_id is not null
    )
    select event_id from of_event where event_id is not null limit ${eventsMax}
  )`;
  const shown = sql.join([ofMember(memberId), ...found(cut, searchedOnce)], sql` and `);
  const shownIn = (limitOfEvent: number) => sql`(
    select from ${searchedIn(sql.ref('events.event_id'), memberId)} cross join lateral (
      select from matches where ${shown} and matches.event_id = events.event_id limit ${limitOfEvent}
    ) shown
  )`;
  const isBefore =
    before === undefined
      ? sql<boolean>`true`
      : sql<boolean>`(events.starts_at, events.event_id) < (${before.startsAt}, ${before.eventId}::uuid)`;
  const page = sql<string>`array(
    select events.event_id from ${eventIds} as mine join events on events.event_id = mine.event_id
    where ${isBefore} and exists ${shownIn(1)} order by events.starts_at desc, events.event_id desc limit ${limit}
  )`;
  return eventsWithCover(db, { memberId, shareToken: null, cut })
    .select(sql<number>`(select count(*)::int from ${shownIn(countMax)} as shown)`.as('match_count'))
    .where('events.event_id', '=', sql<string>`any(${page})`)
    .orderBy('events.starts_at', 'desc')
    .orderBy('events.event_id', 'desc')
    .limit(limit)
    .execute();
}
