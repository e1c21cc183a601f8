import type { Db } from '@kilas/platform/db/database.ts';
import { sql } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';
import { type EventPosition, eventsWithDetails } from '../events/event-store.ts';
import type { Viewer } from '../viewers/viewer.ts';

/** Events in which a creator takes part, those that start last first, with how many photos they have in each by state. */
export async function listEventsOfCreator(
  db: Db<PhotoSchema>,
  viewer: Viewer,
  creatorId: string,
  { before, limit }: { before: EventPosition | undefined; limit: number },
) {
  const isBefore =
    before === undefined
      ? sql<boolean>`true`
      : sql<boolean>`(c.starts_at, c.event_id) < (${before.startsAt}, ${before.eventId}::uuid)`;
  const page = sql<string>`array(
    select c.event_id from event_creators c where c.creator_id = ${creatorId}::uuid and ${isBefore}
    order by c.starts_at desc, c.event_id desc limit ${limit}
  )`;
  const counts = sql<Record<string, number>>`(
    select coalesce(json_object_agg(s.state, s.photo_count), '{}') from photos_by_state s
    where s.creator_id = ${creatorId}::uuid and s.gallery_id = events.event_id
  )`;
  return eventsWithDetails(db, viewer)
    .select(counts.as('counts'))
    .where('events.event_id', '=', sql<string>`any(${page})`)
    .orderBy('events.starts_at', 'desc')
    .orderBy('events.event_id', 'desc')
    .limit(limit)
    .execute();
}

/** In any state. */
export async function countPhotosOfEvent(db: Db<PhotoSchema>, eventId: string): Promise<number> {
  const row = await db
    .selectFrom('photos_by_state')
    .select(sql<number>`coalesce(sum(photo_count), 0)::int`.as('count'))
    .where('gallery_id', '=', eventId)
    .where('state', '<>', 'sold')
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function hasPhotos(db: Db<PhotoSchema>, eventId: string): Promise<boolean> {
  const query = db.selectFrom('photos').select('photo_id').where('event_id', '=', eventId).limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}
