import type { Db } from '@kilas/platform/db/database.ts';
import { sql } from 'kysely';
import { type ColumnRow, columnFields } from '../columns/columns.ts';
import { type Boundary, boundariesOf } from '../columns/timeline-sql.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { photosWithDetails } from '../viewers/photo-details-store.ts';
import type { Viewer } from '../viewers/viewer.ts';
import { browsableIn, idOfEvent, type Slice, sliced } from './browsable-sql.ts';

export interface ViewedEvent {
  readonly eventId: string;
  /** Whether the viewer may see all that is on sale. */
  readonly isOpen: boolean;
}

/**
 * The photos of an event that the viewer may see, newest capture first; a creator sees what they hid. None of which the viewer is only asked if they
 * are in it. Read from what they may see: an event may hold half a million photos, and a member three of them.
 */
export async function listPhotosByEvent(
  db: Db<PhotoSchema>,
  { eventId, isOpen }: ViewedEvent,
  viewer: Viewer,
  page: Slice & { limit: number },
) {
  const event = { eventId: idOfEvent(eventId), isOpen };
  const ids = sql<string>`array(
    select photo_id from (${browsableIn(event, viewer, page, { withHidden: true })}) as listed
    where true ${sliced({ limit: page.limit }, 'listed')}
  )`;
  return photosWithDetails(db, viewer)
    .where('photos.photo_id', '=', sql<string>`any(${ids})`)
    .orderBy('photos.captured_at', 'desc')
    .orderBy('photos.photo_id', 'desc')
    .limit(page.limit)
    .execute();
}

/** What the timeline of an event is made of, see `boundariesOf`. It holds what is on sale alone: of an open event everybody has the same. */
export async function listBoundaries(
  db: Db<PhotoSchema>,
  { eventId, isOpen }: ViewedEvent,
  viewer: Viewer,
): Promise<Boundary[]> {
  const browsable = browsableIn({ eventId: idOfEvent(eventId), isOpen }, viewer, {});
  const { rows } = await boundariesOf(
    sql`(select photo_id, captured_at as at from (${browsable}) as browsable)`,
  ).execute(db);
  return rows;
}

/** A slice of the same photos, newest capture first. */
export async function listColumns(
  db: Db<PhotoSchema>,
  { eventId, isOpen }: ViewedEvent,
  viewer: Viewer,
  slice: Slice & { limit: number },
): Promise<ColumnRow[]> {
  const browsable = browsableIn({ eventId: idOfEvent(eventId), isOpen }, viewer, slice);
  const ids = sql<string>`array(
    select photo_id from (${browsable}) as listed where true ${sliced({ limit: slice.limit }, 'listed')}
  )`;
  return db
    .selectFrom('photos')
    .select(columnFields)
    .where('photos.photo_id', '=', sql<string>`any(${ids})`)
    .orderBy('photos.captured_at', 'desc')
    .orderBy('photos.photo_id', 'desc')
    .limit(slice.limit)
    .execute();
}
