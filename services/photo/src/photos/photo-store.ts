import type { Db } from '@kilas/platform/db/database.ts';
import { type Insertable, type Kysely, type RawBuilder, sql } from 'kysely';
import type { PhotoRow, PhotoSchema } from '../db/schema.ts';
import { facesSearched, isAsked, isShown } from '../viewers/match-cut.ts';
import { holderFor, isBoughtBy } from '../sale/sale-store.ts';
import { captureOf } from '../viewers/captured-from.ts';
import { maySeePreview, type Viewer } from '../viewers/photo-access.ts';

/** PostgreSQL's code for a parameter that it cannot use. */
const invalidParameter = '22023';

/** True when the row is new; false when the photo is there already. */
export async function insertPhoto(db: Db<PhotoSchema>, row: Insertable<PhotoRow>): Promise<boolean> {
  const result = await db
    .insertInto('photos')
    .values(row)
    .onConflict((conflict) => conflict.column('photo_id').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) === 1n;
}

export async function findPhoto(db: Db<PhotoSchema>, photoId: string) {
  return db.selectFrom('photos').selectAll().where('photo_id', '=', photoId).executeTakeFirst();
}

/** Not FOR UPDATE: a match that is inserted beside refers to the photo and would wait for it, while we wait for its member. */
export async function lockPhoto(db: Db<PhotoSchema>, photoId: string) {
  return db.selectFrom('photos').selectAll().where('photo_id', '=', photoId).forNoKeyUpdate().executeTakeFirst();
}

/** A photo whose upload is tried again. */
export async function markRaw(db: Db<PhotoSchema>, photoId: string): Promise<void> {
  await db
    .updateTable('photos')
    .set({ status: 'raw', failure_reason: null })
    .where('photo_id', '=', photoId)
    .where('status', '=', 'failed')
    .execute();
}

export interface Published {
  readonly width: number;
  readonly height: number;
  readonly previewKey: string;
  readonly thumbnailKey: string;
  readonly camera: string | null;
  readonly capturedLocal: string | null;
  readonly capturedOffset: string | null;
  readonly capturedField: string | null;
}

/** Puts a raw or failed photo on sale; a second call changes nothing. */
export async function markOnSale(
  db: Db<PhotoSchema>,
  photoId: string,
  published: Published,
  latestCapture: Date,
): Promise<void> {
  const local = sql<string | null>`${published.capturedLocal}::text`;
  const offset = sql<string | null>`${published.capturedOffset}::text`;
  await db
    .updateTable('photos')
    .set({
      status: 'on_sale',
      failure_reason: null,
      width: published.width,
      height: published.height,
      preview_key: published.previewKey,
      thumbnail_key: published.thumbnailKey,
      camera: published.camera,
      captured_local: published.capturedLocal,
      captured_offset: published.capturedOffset,
      captured_field: published.capturedField,
      ...captureOf({ local, offset, eventId: sql.ref('photos.event_id') }, latestCapture),
    })
    .where('photo_id', '=', photoId)
    .where('status', 'in', ['raw', 'failed'])
    .execute();
}

/** Answers whose photo it is that failed now; undefined when it was not raw. */
export async function markFailed(db: Db<PhotoSchema>, photoId: string, reason: string): Promise<string | undefined> {
  const failed = await db
    .updateTable('photos')
    .set({ status: 'failed', failure_reason: reason })
    .where('photo_id', '=', photoId)
    .where('status', '=', 'raw')
    .returning('creator_id')
    .executeTakeFirst();
  return failed?.creator_id;
}

/** Whether PostgreSQL reads times in the zone; cheaper than to look for it among all names. Not for a transaction, which an unknown one ends. */
export async function isReadableZone(db: Kysely<PhotoSchema>, zone: string): Promise<boolean> {
  try {
    await sql`select now() at time zone ${zone}`.execute(db);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === invalidParameter) return false;
    throw error;
  }
}

export interface PhotoChange {
  readonly title?: string;
  readonly description?: string;
  readonly price_idr?: bigint;
  readonly is_hidden?: boolean;
}

/** Changes a creator's own photo; false when it is not theirs or was removed. */
export async function updateOwnPhoto(
  db: Db<PhotoSchema>,
  key: { photoId: string; creatorId: string },
  change: PhotoChange,
): Promise<boolean> {
  const result = await db
    .updateTable('photos')
    .set(change)
    .where('photo_id', '=', key.photoId)
    .where('creator_id', '=', key.creatorId)
    .where('status', '<>', 'removed')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A photo whose preview the viewer may see, with its creator's name and the viewer's match. */
export async function findPhotoFor(db: Db<PhotoSchema>, photoId: string, viewer: Viewer) {
  return photosWithDetails(db, viewer)
    .where('photos.photo_id', '=', photoId)
    .where(maySeePreview(viewer))
    .executeTakeFirst();
}

export interface CapturePosition {
  /** As `exactTime` wrote it. */
  readonly capturedAt: string;
  readonly photoId: string;
}

/** Counted once for a match: without OFFSET PostgreSQL would put the count wherever it is named. */
const searchedOnce = sql.ref<bigint>('searched.faces');

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

export type PhotoDetails = NonNullable<Awaited<ReturnType<typeof findPhotoFor>>>;

export interface UploadPosition {
  /** As `exactTime` wrote it. */
  readonly uploadedAt: string;
  readonly photoId: string;
}

/** A creator's own photos in any state, newest upload first. */
export async function listPhotosByCreator(
  db: Db<PhotoSchema>,
  creatorId: string,
  page: { before: UploadPosition | undefined; limit: number; eventId: string | undefined },
) {
  const { before, limit, eventId } = page;
  return db
    .selectFrom('photos')
    .selectAll()
    .where('creator_id', '=', creatorId)
    .$if(eventId !== undefined, (query) => query.where('event_id', '=', eventId ?? null))
    .$if(before !== undefined, (query) =>
      query.where(sql<boolean>`(uploaded_at, photo_id) < (${before?.uploadedAt}, ${before?.photoId}::uuid)`),
    )
    .orderBy('uploaded_at', 'desc')
    .orderBy('photo_id', 'desc')
    .limit(limit)
    .execute();
}
