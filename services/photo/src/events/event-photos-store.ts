import type { Db } from '@kilas/platform/db/database.ts';
import { type RawBuilder, sql } from 'kysely';
import { collectionKinds } from '../collections/collection-store.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { facesSearchedIn, isShown, mayBeShown } from '../viewers/match-cut-sql.ts';
import { isOnSale, rowAndPhoto } from '../viewers/photo-access-sql.ts';
import { type CapturePosition, photosWithDetails } from '../viewers/photo-details-store.ts';
import type { Viewer } from '../viewers/viewer.ts';

interface Page {
  readonly before: CapturePosition | undefined;
  readonly limit: number;
}

interface ViewedEvent {
  readonly eventId: string;
  /** Whether the viewer may see all that is on sale. */
  readonly isOpen: boolean;
}

/**
 * The photos of an event that the viewer may see, newest capture first; none of which they are only asked if they are in it. Read from
 * what they may see, each part by an index in the order of the page: an event may hold half a million photos, and a member three of them.
 */
export async function listPhotosByEvent(db: Db<PhotoSchema>, event: ViewedEvent, viewer: Viewer, page: Page) {
  const parts = [...(event.isOpen ? [onSale(event, page)] : []), ...partsOfMember(event, viewer, page)];
  if (parts.length === 0) return [];
  const ids = sql<string>`array(
    select photo_id from (${sql.join(parts, sql` union `)}) as listed
    order by captured_at desc, photo_id desc limit ${page.limit}
  )`;
  return photosWithDetails(db, viewer)
    .where('photos.photo_id', '=', sql<string>`any(${ids})`)
    .orderBy('photos.captured_at', 'desc')
    .orderBy('photos.photo_id', 'desc')
    .limit(page.limit)
    .execute();
}

function partsOfMember(event: ViewedEvent, viewer: Viewer, page: Page): RawBuilder<unknown>[] {
  const { memberId } = viewer;
  if (memberId === null) return [];
  const own = ownPhotos(event, memberId, page);
  return event.isOpen ? [own] : [own, matched(event, memberId, viewer, page), kept(event, memberId, page)];
}

function onSale({ eventId }: ViewedEvent, page: Page) {
  return sql`(
    select photo_id, captured_at from photos where event_id = ${eventId}::uuid and ${isOnSale} ${upTo(page, 'photos')}
  )`;
}

/** A creator sees what they hid. */
function ownPhotos({ eventId }: ViewedEvent, memberId: string, page: Page) {
  return sql`(
    select photo_id, captured_at from photos
    where creator_id = ${memberId}::uuid and event_id = ${eventId}::uuid and status = 'on_sale' ${upTo(page, 'photos')}
  )`;
}

function matched({ eventId }: ViewedEvent, memberId: string, { cut }: Viewer, page: Page) {
  return sql`(
    select matches.photo_id, matches.captured_at from matches
    where matches.member_id = ${memberId}::uuid and matches.event_id = ${eventId}::uuid
      and matches.creator_id <> matches.member_id and ${mayBeShown}
      and ${rowAndPhoto('matches', { row: isShown(cut, facesSearchedIn(eventId, memberId)), photo: isOnSale })}
      ${upTo(page, 'matches')}
  )`;
}

/** What the member put into a list while they might see it; a photo may be in each of them. */
function kept({ eventId }: ViewedEvent, memberId: string, { before, limit }: Page) {
  return sql`(
    select collections.photo_id, collections.captured_at from collections
    where collections.member_id = ${memberId}::uuid and collections.event_id = ${eventId}::uuid
      and ${rowAndPhoto('collections', { photo: isOnSale })} ${upTo({ before, limit: collectionKinds.length * limit }, 'collections')}
  )`;
}

function upTo({ before, limit }: Page, table: 'photos' | 'matches' | 'collections') {
  const [capturedAt, photoId] = [sql.ref(`${table}.captured_at`), sql.ref(`${table}.photo_id`)];
  const after =
    before === undefined
      ? sql``
      : sql`and (${capturedAt}, ${photoId}) < (${before.capturedAt}, ${before.photoId}::uuid)`;
  return sql`${after} order by ${capturedAt} desc, ${photoId} desc limit ${limit}`;
}
