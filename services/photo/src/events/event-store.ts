import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { EventRow, PhotoSchema } from '../db/schema.ts';
import { isShown, mayBeShown } from '../viewers/match-cut-sql.ts';
import { isOpenEvent } from '../viewers/photo-access-sql.ts';
import type { Viewer } from '../viewers/viewer.ts';

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

/** Who may look at an event: everyone, the holder of its link, its creators, and whoever is shown one of its photos. */
function mayLook(viewer: Viewer) {
  return sql<boolean>`(
    ${isOpenEvent(viewer)}
    or ${isOwn(viewer.memberId)}
    or coalesce((
      select true from matches
      where matches.member_id = ${viewer.memberId}::uuid and matches.event_id = events.event_id
        and matches.creator_id <> matches.member_id and ${mayBeShown} and ${isShown(viewer.cut)}
      limit 1
    ), false)
  )`;
}

/** Not by EXISTS, for which PostgreSQL may read all events of the creator. */
function isOwn(memberId: string | null) {
  return sql<boolean>`coalesce((
    select true from event_creators c where c.event_id = events.event_id and c.creator_id = ${memberId}::uuid
  ), false)`;
}

/** An event that the viewer may look at, and whether everyone may, or the holder of its link that the viewer is. */
export async function findEventFor(db: Db<PhotoSchema>, eventId: string, viewer: Viewer) {
  return db
    .selectFrom('events')
    .selectAll()
    .select([isOwn(viewer.memberId).as('is_own'), isOpenEvent(viewer).as('is_open')])
    .where('event_id', '=', eventId)
    .where(mayLook(viewer))
    .executeTakeFirst();
}

export interface EventPosition {
  /** As `exactTime` wrote it. */
  readonly startsAt: string;
  readonly eventId: string;
}

/** Public events that have begun by `now`, and one's own, those that start last first: none that is still to come stands before them. */
export async function listEventsFor(
  db: Db<PhotoSchema>,
  options: { memberId: string | null; now: Date; before: EventPosition | undefined; limit: number },
) {
  const { memberId, now, before, limit } = options;
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
  return db
    .selectFrom('events')
    .selectAll()
    .select(isOwn(memberId).as('is_own'))
    .where('event_id', '=', sql<string>`any(${page})`)
    .orderBy('starts_at', 'desc')
    .orderBy('event_id', 'desc')
    .limit(limit)
    .execute();
}
