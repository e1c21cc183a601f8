import type { Db } from '@kilas/platform/db/database.ts';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { EventRow, PhotoSchema } from '../db/schema.ts';
import { isShown, mayBeShown } from '../viewers/match-cut-sql.ts';
import { holdsLink, isOnSale, isOpenEvent, maySeePreview } from '../viewers/photo-access-sql.ts';
import type { Viewer } from '../viewers/viewer.ts';
import { browsableIn, keptIn, matchedIn, onSaleIn, sliced } from './browsable-sql.ts';

export async function insertEvent(db: Db<PhotoSchema>, row: EventRow): Promise<void> {
  await db.insertInto('events').values(row).execute();
  await insertEventCreator(db, row.event_id, row.owner_id);
}

/** No event is created with so many; rows may say anything. */
export const retentionDaysReadMax = 36_500;

/** As `facesUntilOf` reckons it: to the millisecond, within the times that can be written, whatever stands in the row. */
const isUntold = sql<boolean>`faces_until_told is distinct from least(
  date_trunc('milliseconds', greatest(least(ends_at, '9999-12-31 23:59:59.999Z'), '0001-01-01 00:00:00Z'))
    + make_interval(hours => 24 * greatest(0, least(retention_days, ${retentionDaysReadMax}))),
  '9999-12-31 23:59:59.999Z'
)`;

/** Events of whose retention ai was told nothing, or something else by now; locked, those that another replica tells left out. */
export async function lockUntoldRetentions(tx: Transaction<PhotoSchema>, limit: number): Promise<EventRow[]> {
  return tx
    .selectFrom('events')
    .selectAll()
    .where(isUntold)
    .orderBy('event_id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

export async function updateRetentionTold(tx: Transaction<PhotoSchema>, eventId: string, told: Date): Promise<void> {
  await tx.updateTable('events').set({ faces_until_told: told }).where('event_id', '=', eventId).execute();
}

export async function insertEventCreator(db: Db<PhotoSchema>, eventId: string, creatorId: string): Promise<void> {
  await db
    .insertInto('event_creators')
    .values({ event_id: eventId, creator_id: creatorId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function findEvent(db: Db<PhotoSchema>, eventId: string): Promise<EventRow | undefined> {
  return db.selectFrom('events').selectAll().where('event_id', '=', eventId).executeTakeFirst();
}

export async function getEvent(db: Db<PhotoSchema>, eventId: string): Promise<EventRow> {
  return db.selectFrom('events').selectAll().where('event_id', '=', eventId).executeTakeFirstOrThrow();
}

/** The event, locked against photos that come into it, if its owner is this one. */
export async function lockOwnedEvent(
  tx: Transaction<PhotoSchema>,
  { eventId, ownerId }: { eventId: string; ownerId: string },
): Promise<EventRow | undefined> {
  return tx
    .selectFrom('events')
    .selectAll()
    .where('event_id', '=', eventId)
    .where('owner_id', '=', ownerId)
    .forUpdate()
    .executeTakeFirst();
}

/** Whether a creator may put photos into an event; if so, it stays as it is to the end of the transaction. */
export async function holdEventOfCreator(
  tx: Transaction<PhotoSchema>,
  eventId: string,
  creatorId: string,
): Promise<boolean> {
  const event = await tx
    .selectFrom('events')
    .select('event_id')
    .where('event_id', '=', eventId)
    .where(takesPart(creatorId))
    .forKeyShare()
    .executeTakeFirst();
  return event !== undefined;
}

export type EventChange = Partial<
  Pick<
    EventRow,
    'name' | 'starts_at' | 'ends_at' | 'time_zone' | 'place' | 'visibility' | 'retention_days' | 'cover_photo_id'
  >
>;

export async function updateLockedEvent(
  tx: Transaction<PhotoSchema>,
  eventId: string,
  change: EventChange,
): Promise<void> {
  await tx.updateTable('events').set(change).where('event_id', '=', eventId).execute();
}

/** A locked event without photos, and who takes part in it. */
export async function deleteLockedEvent(tx: Transaction<PhotoSchema>, eventId: string): Promise<void> {
  for (const table of ['event_invitations', 'event_creators', 'events'] as const)
    await tx.deleteFrom(table).where('event_id', '=', eventId).execute();
}

/** False when they take no part. */
export async function deleteEventCreator(db: Db<PhotoSchema>, eventId: string, creatorId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('event_creators')
    .where('event_id', '=', eventId)
    .where('creator_id', '=', creatorId)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

export async function countEventCreators(db: Db<PhotoSchema>, eventId: string): Promise<number> {
  const row = await db
    .selectFrom('event_creators')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('event_id', '=', eventId)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function isCreatorOfEvent(db: Db<PhotoSchema>, eventId: string, creatorId: string): Promise<boolean> {
  const row = await db
    .selectFrom('event_creators')
    .select('event_id')
    .where('event_id', '=', eventId)
    .where('creator_id', '=', creatorId)
    .executeTakeFirst();
  return row !== undefined;
}

export async function isCreator(db: Db<PhotoSchema>, creatorId: string): Promise<boolean> {
  const row = await db
    .selectFrom('creators')
    .select('creator_id')
    .where('creator_id', '=', creatorId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Who may browse photos of an event: everyone, the holder of its link, its creators, and whoever is shown one of its photos. */
function mayBrowse(viewer: Viewer) {
  return sql<boolean>`(
    ${isOpenEvent(viewer)}
    or ${takesPart(viewer.memberId)}
    or coalesce((
      select true from matches
      where matches.member_id = ${viewer.memberId}::uuid and matches.event_id = events.event_id
        and matches.creator_id <> matches.member_id and ${mayBeShown} and ${isShown(viewer.cut)}
      limit 1
    ), false)
  )`;
}

/** Not by EXISTS, for which PostgreSQL may read all events of the creator. */
function takesPart(memberId: string | null) {
  return sql<boolean>`coalesce((
    select true from event_creators c where c.event_id = events.event_id and c.creator_id = ${memberId}::uuid
  ), false)`;
}

/** An event whose photos the viewer may browse, and whether that is all that is on sale. */
export async function findBrowsableEvent(db: Db<PhotoSchema>, eventId: string, viewer: Viewer) {
  return db
    .selectFrom('events')
    .select(['event_id as eventId', isOpenEvent(viewer).as('isOpen')])
    .where('event_id', '=', eventId)
    .where(mayBrowse(viewer))
    .executeTakeFirst();
}

/** An event as the viewer sees it: the holder of its link sees its page also where they may browse none of its photos. */
export async function findEventFor(db: Db<PhotoSchema>, eventId: string, viewer: Viewer) {
  return eventsWithDetails(db, viewer)
    .where('events.event_id', '=', eventId)
    .where(sql<boolean>`(seen.may_browse or ${holdsLink(viewer)})`)
    .executeTakeFirst();
}

/** Creators that an event names. */
const creatorsShownMax = 20;
/** Photos that are counted one by one: those of others that a member sees in an event that is not open to them. */
const seenCountMax = 1_000;

/** Rows of events with what a page about them shows. Who takes part stands with the owner first. Counts are kept, but for what a member alone sees. */
export function eventsWithDetails(db: Db<PhotoSchema>, viewer: Viewer) {
  return eventsWithCover(db, viewer).select([creatorsOfEvent.as('creators'), countBrowsable(viewer).as('photo_count')]);
}

/**
 * Rows of events with their cover: what the owner chose, where the viewer may see it; else the first photo that they may browse, which stays while
 * photos come.
 */
export function eventsWithCover(db: Db<PhotoSchema>, viewer: Viewer) {
  const { memberId } = viewer;
  const eventId = sql.ref<string>('events.event_id');
  const first = { limit: 1, isOldestFirst: true };
  const [chosen, firstOpen, firstSeen] = [
    sql`(select photos.photo_id from photos where photos.photo_id = events.cover_photo_id and photos.event_id = events.event_id
      and ${isOnSale} and ${maySeePreview(viewer)})`,
    sql`(${onSaleIn(eventId, first)})`,
    sql`(${browsableIn({ eventId, isOpen: false }, viewer, first)})`,
  ];
  return db
    .selectFrom('events')
    .innerJoinLateral(
      sql<{ is_own: boolean; is_open: boolean; may_browse: boolean }>`(
        select ${takesPart(memberId)} as is_own, ${isOpenEvent(viewer)} as is_open, ${mayBrowse(viewer)} as may_browse offset 0
      )`.as('seen'),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('photos')
          .select([
            'photos.preview_key',
            'photos.preview_small_key',
            'photos.thumbnail_key',
            'photos.thumbnail_small_key',
          ])
          .where(
            'photos.photo_id',
            '=',
            sql<string>`case when seen.may_browse then coalesce(${chosen}, case
              when seen.is_open then (select photo_id from ${firstOpen} as f limit 1)
              else (select photo_id from ${firstSeen} as f where true ${sliced(first, 'f')}) end) end`,
          )
          .as('cover'),
      (join) => join.onTrue(),
    )
    .selectAll('events')
    .select(['seen.is_own', 'seen.is_open', 'seen.may_browse'])
    .select(['cover.preview_key', 'cover.preview_small_key', 'cover.thumbnail_key', 'cover.thumbnail_small_key']);
}

const creatorsOfEvent = sql<{ creatorId: string; displayName: string | null }[]>`(
  select coalesce(json_agg(json_build_object('creatorId', c.creator_id, 'displayName', c.display_name) order by c.place), '[]')
  from (
    select e.creator_id, creators.display_name, row_number() over (order by e.creator_id <> events.owner_id, e.creator_id) as place
    from event_creators e left join creators on creators.creator_id = e.creator_id
    where e.event_id = events.event_id order by place limit ${sql.lit(creatorsShownMax)}
  ) c
)`;

function countBrowsable(viewer: Viewer) {
  const { memberId } = viewer;
  const eventId = sql.ref<string>('events.event_id');
  const onSale = (whose: RawBuilder<boolean>) => sql`(
    select coalesce(sum(s.photo_count), 0)::int from photos_by_state s
    where s.gallery_id = events.event_id and s.state = 'on_sale' and ${whose}
  )`;
  const some = { limit: seenCountMax };
  const seen =
    memberId === null
      ? sql`0`
      : sql`${onSale(sql`s.creator_id = ${memberId}::uuid`)} + (
          select count(*)::int from (
            select photo_id from ${matchedIn(eventId, memberId, viewer, some)} as m
            union select photo_id from ${keptIn(eventId, memberId, some)} as k
          ) others where (select creator_id from photos where photos.photo_id = others.photo_id) <> ${memberId}::uuid
        )`;
  return sql<number | null>`case
    when not seen.may_browse then null when seen.is_open then ${onSale(sql<boolean>`true`)} else ${seen} end`;
}

export interface EventPosition {
  /** As `exactTime` wrote it. */
  readonly startsAt: string;
  readonly eventId: string;
}

/** Public events that have begun by `now`, and one's own, those that start last first: none that is still to come stands before them. */
export async function listEventsFor(
  db: Db<PhotoSchema>,
  viewer: Viewer,
  options: { now: Date; before: EventPosition | undefined; limit: number },
) {
  const { memberId } = viewer;
  const { now, before, limit } = options;
  const isBefore =
    before === undefined
      ? sql<boolean>`true`
      : sql<boolean>`(starts_at, event_id) < (${before.startsAt}, ${before.eventId}::uuid)`;
  const order = sql`order by starts_at desc, event_id desc limit ${limit}`;
  // Each part in the order of an index of its own, as far as the page goes.
  const page = sql<string>`array(
    select event_id from (
      (select event_id, starts_at from events where visibility = 'public' and starts_at <= ${now} and ${isBefore} ${order})
      union
      (select event_id, starts_at from event_creators where creator_id = ${memberId}::uuid and ${isBefore} ${order})
    ) as listed ${order}
  )`;
  return eventsWithDetails(db, viewer)
    .where('events.event_id', '=', sql<string>`any(${page})`)
    .orderBy('events.starts_at', 'desc')
    .orderBy('events.event_id', 'desc')
    .limit(limit)
    .execute();
}
