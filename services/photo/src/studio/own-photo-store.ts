import type { Db } from '@kilas/platform/db/database.ts';
import { sql } from 'kysely';
import { columnFields } from '../columns/columns.ts';
import type { Segment } from '../columns/segment.ts';
import { type Boundary, boundariesOf } from '../columns/timeline-sql.ts';
import type { PhotoSchema } from '../db/schema.ts';

/** What a creator sees as the state of a photo, in one word. */
export const photoStates = ['raw', 'on_sale', 'hidden', 'failed', 'removed'] as const;
type PhotoState = (typeof photoStates)[number];

export interface OwnFilter {
  readonly creatorId: string;
  /** `none`: those without an event. */
  readonly eventId?: string | undefined;
  readonly state?: PhotoState | 'sold' | undefined;
}

/** By the function of the database that the indexes hold. */
const stateOfPhoto = sql<PhotoState>`photo_state(photos.status, photos.is_hidden)`;

function isOwn({ creatorId, eventId, state }: OwnFilter) {
  const event = eventId === 'none' ? sql`photos.event_id is null` : sql`photos.event_id = ${eventId}::uuid`;
  const conditions = [
    sql`photos.creator_id = ${creatorId}::uuid`,
    ...(eventId === undefined ? [] : [event]),
    ...(state === undefined ? [] : [state === 'sold' ? sql`photos.sold_count > 0` : sql`${stateOfPhoto} = ${state}`]),
  ];
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}

function isWithin({ from, before }: Segment) {
  const position = sql`(photos.uploaded_at, photos.photo_id)`;
  const ends = [
    ...(from === undefined ? [] : [sql`${position} >= (${from.at}, ${from.photoId}::uuid)`]),
    ...(before === undefined ? [] : [sql`${position} < (${before.at}, ${before.photoId}::uuid)`]),
  ];
  return ends.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(ends, sql` and `)})`;
}

/**
 * A creator's own photos, newest upload first. PostgreSQL does not know that all without an event have the same one, and would sort them: so it is
 * told the order of the index, in which the event stands first.
 */
function ownPhotos(db: Db<PhotoSchema>, filter: OwnFilter, { limit, ...segment }: Segment & { limit: number }) {
  return db
    .selectFrom('photos')
    .where(isOwn(filter))
    .where(isWithin(segment))
    .$if(filter.eventId === 'none', (query) => query.orderBy('photos.event_id'))
    .orderBy('photos.uploaded_at', 'desc')
    .orderBy('photos.photo_id', 'desc')
    .limit(limit);
}

export async function listOwnPhotos(db: Db<PhotoSchema>, filter: OwnFilter, page: Segment & { limit: number }) {
  return ownPhotos(db, filter, page).selectAll().execute();
}

export async function findOwnPhoto(
  db: Db<PhotoSchema>,
  { creatorId, photoId }: { creatorId: string; photoId: string },
) {
  return db
    .selectFrom('photos')
    .selectAll()
    .where('photo_id', '=', photoId)
    .where('creator_id', '=', creatorId)
    .executeTakeFirst();
}

export async function listOwnColumns(db: Db<PhotoSchema>, filter: OwnFilter, slice: Segment & { limit: number }) {
  return ownPhotos(db, filter, slice)
    .select(columnFields)
    .select([stateOfPhoto.as('state'), 'photos.sold_count'])
    .execute();
}

/** What a timeline of them is made of, see `boundariesOf`. */
export async function listOwnBoundaries(db: Db<PhotoSchema>, filter: OwnFilter): Promise<Boundary[]> {
  const { rows } = await boundariesOf(
    sql`(select photo_id, uploaded_at as at from photos where ${isOwn(filter)})`,
  ).execute(db);
  return rows;
}

/** Photos by state, `sold` beside them, and those without an event. */
export async function countOwnPhotos(db: Db<PhotoSchema>, creatorId: string) {
  return db
    .selectFrom('photos_by_state')
    .select([
      'state',
      sql<number>`sum(photo_count)::int`.as('count'),
      sql<number>`coalesce(sum(photo_count) filter (where gallery_id = creator_id), 0)::int`.as('withoutEvent'),
    ])
    .where('creator_id', '=', creatorId)
    .groupBy('state')
    .execute();
}
