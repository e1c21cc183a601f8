import type { Db } from '@kilas/platform/db/database.ts';
import { type RawBuilder, sql } from 'kysely';
import type { CollectionRow, PhotoSchema } from '../db/schema.ts';
import type { Holder } from './buy-refusal.ts';
import { facesSearched, isAsked, isShown, searchedOnce } from './match-cut-sql.ts';
import { maySeePreview } from './photo-access-sql.ts';
import type { Viewer } from './viewer.ts';

/** A photo whose preview the viewer may see, with its creator's name and the viewer's match. */
export async function findPhotoFor(db: Db<PhotoSchema>, photoId: string, viewer: Viewer) {
  return photosWithDetails(db, viewer)
    .select(keptIn(viewer.memberId).as('kept_in'))
    .where('photos.photo_id', '=', photoId)
    .where(maySeePreview(viewer))
    .executeTakeFirst();
}

export interface CapturePosition {
  /** As `exactTime` wrote it. */
  readonly capturedAt: string;
  readonly photoId: string;
}

/** Rows of photos with what a page about them shows; of a match only what its member is shown or asked about, unless told otherwise. */
export function photosWithDetails(
  db: Db<PhotoSchema>,
  viewer: Viewer,
  isSeen: RawBuilder<boolean> = sql<boolean>`(
    ${isShown(viewer.cut, searchedOnce)} or ${isAsked(viewer.cut, searchedOnce)}
  )`,
) {
  return db
    .selectFrom('photos')
    .leftJoin('creators', 'creators.creator_id', 'photos.creator_id')
    .leftJoin('events', 'events.event_id', 'photos.event_id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('matches')
          .innerJoinLateral(
            sql<{ faces: bigint }>`(select ${facesSearched()} as faces offset 0)`.as('searched'),
            (join) => join.onTrue(),
          )
          .selectAll('matches')
          .select('searched.faces as faces_searched')
          .whereRef('matches.photo_id', '=', 'photos.photo_id')
          .where('matches.member_id', '=', viewer.memberId ?? '00000000-0000-0000-0000-000000000000')
          .where(isSeen)
          // Looked up photo by photo: joined, PostgreSQL may read all matches of the member.
          .limit(1)
          .as('matches'),
      (join) => join.onTrue(),
    )
    .select([
      'photos.photo_id',
      'photos.creator_id',
      'photos.event_id',
      'photos.title',
      'photos.description',
      'photos.price_idr',
      'photos.sale',
      'photos.status',
      'photos.is_hidden',
      'photos.is_sold_out',
      'photos.width',
      'photos.height',
      'photos.latitude',
      'photos.longitude',
      'photos.preview_key',
      'photos.thumbnail_key',
      'photos.preview_small_key',
      'photos.thumbnail_small_key',
      'photos.thumbhash',
      'photos.captured_at',
      'photos.captured_field',
      'photos.captured_zone',
      isBoughtBy(viewer.memberId).as('is_bought'),
      holderFor(viewer.memberId).as('holder'),
      'creators.display_name as creator_name',
      'events.name as event_name',
      'matches.level',
      'matches.false_match_rate',
      'matches.facecam_count',
      'matches.eye_distance_px',
      'matches.sharpness',
      'matches.exposure',
      'matches.face_quality',
      'matches.is_unsure',
      'matches.distance',
      'matches.box_left',
      'matches.box_top',
      'matches.box_width',
      'matches.box_height',
      'matches.answer',
      'matches.faces_searched',
    ]);
}

export type PhotoDetails = Awaited<ReturnType<ReturnType<typeof photosWithDetails>['execute']>>[number];

/** Those of the photos whose previews the viewer may see, with the keys of these. */
export async function listPreviewKeys(db: Db<PhotoSchema>, photoIds: readonly string[], viewer: Viewer) {
  return db
    .selectFrom('photos')
    .select(['photo_id', 'preview_key', 'preview_small_key', 'thumbnail_key', 'thumbnail_small_key'])
    .where('photo_id', 'in', [...photoIds])
    .where(maySeePreview(viewer))
    .limit(photoIds.length)
    .execute();
}

/** In which of their lists a viewer has a photo, on rows of `photos`. */
export function keptIn(viewerId: string | null) {
  return sql<CollectionRow['kind'][]>`array(
    select c.kind from collections c where c.photo_id = photos.photo_id and c.member_id = ${viewerId}::uuid
  )`;
}

/** Whether a viewer bought a photo, on rows of `photos`. */
export function isBoughtBy(viewerId: string | null) {
  // Not by EXISTS, for which PostgreSQL may read all that the viewer bought.
  return sql<boolean>`coalesce((
    select true from bought_photos b where b.buyer_id = ${viewerId}::uuid and b.photo_id = photos.photo_id
  ), false)`;
}

/** Whose open order holds a photo, or that the viewer has to wait, as far as it keeps them from it, on rows of `photos`. */
export function holderFor(viewerId: string | null) {
  return sql<Holder | null>`(
    select case when r.buyer_id is distinct from ${viewerId}::uuid then 'other' when r.is_wait then 'wait' else 'viewer' end from reserved_photos r
    where r.photo_id = photos.photo_id and r.held_until > now()
      and (r.buyer_id = ${viewerId}::uuid or r.is_exclusive)
    order by r.is_wait, (r.buyer_id = ${viewerId}::uuid) desc nulls last limit 1
  )`;
}
