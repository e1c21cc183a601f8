import type { Db } from '@kilas/platform/db.ts';
import { sql } from 'kysely';
import type { EventRow, PhotoSchema } from '../db/schema.ts';

export async function insertEvent(db: Db<PhotoSchema>, row: EventRow): Promise<void> {
  await db.insertInto('events').values(row).execute();
  await insertEventCreator(db, row.event_id, row.owner_id);
}

export async function insertEventCreator(db: Db<PhotoSchema>, eventId: string, creatorId: string): Promise<void> {
  await db
    .insertInto('event_creators')
    .values({ event_id: eventId, creator_id: creatorId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
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

export interface Visitor {
  readonly memberId: string | null;
  readonly shareToken: string | null;
}

/** Who may look at an event: everyone, the holder of its link, its creators, and whoever appears in one of its photos. */
function mayLook({ memberId, shareToken }: Visitor) {
  return sql<boolean>`(
    events.visibility = 'public'
    or (events.visibility = 'unlisted' and events.share_token = ${shareToken})
    or exists (select 1 from event_creators c where c.event_id = events.event_id and c.creator_id = ${memberId}::uuid)
    or exists (
      select 1 from matches m join photos p using (photo_id)
      where m.member_id = ${memberId}::uuid and m.answer <> 'rejected' and p.event_id = events.event_id
    )
  )`;
}

function isOwn(memberId: string | null) {
  return sql<boolean>`exists (
    select 1 from event_creators c where c.event_id = events.event_id and c.creator_id = ${memberId}::uuid
  )`;
}

/** An event that the visitor may look at. */
export async function findEventFor(db: Db<PhotoSchema>, eventId: string, visitor: Visitor) {
  return db
    .selectFrom('events')
    .selectAll()
    .select(isOwn(visitor.memberId).as('is_own'))
    .where('event_id', '=', eventId)
    .where(mayLook(visitor))
    .executeTakeFirst();
}

export interface EventPosition {
  readonly startsAt: Date;
  readonly eventId: string;
}

/** Public events and one's own, those that start last first. */
export async function listEventsFor(
  db: Db<PhotoSchema>,
  options: { memberId: string | null; before: EventPosition | undefined; limit: number },
) {
  const { memberId, before, limit } = options;
  return db
    .selectFrom('events')
    .selectAll()
    .select(isOwn(memberId).as('is_own'))
    .where((where) => where.or([where('visibility', '=', 'public'), isOwn(memberId)]))
    .$if(before !== undefined, (query) =>
      query.where(sql<boolean>`(starts_at, event_id) < (${before?.startsAt}, ${before?.eventId}::uuid)`),
    )
    .orderBy('starts_at', 'desc')
    .orderBy('event_id', 'desc')
    .limit(limit)
    .execute();
}

export async function findEventZone(db: Db<PhotoSchema>, eventId: string): Promise<string | undefined> {
  const row = await db.selectFrom('events').select('time_zone').where('event_id', '=', eventId).executeTakeFirst();
  return row?.time_zone;
}
