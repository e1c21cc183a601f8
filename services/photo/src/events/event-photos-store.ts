import type { Db } from '@kilas/platform/db/database.ts';
import { sql } from 'kysely';
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
