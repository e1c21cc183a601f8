import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';
import { isSamePlaceIn, type Place, photosOf, placeColumns, placesOf } from './place-sql.ts';

/** Of faces that are there. */
export async function listPlacesOfFaces(
  tx: Transaction<AiSchema>,
  faceIds: readonly string[],
): Promise<(Place & { readonly face_id: string })[]> {
  if (faceIds.length === 0) return [];
  return tx
    .selectFrom('faces')
    .select(['face_id', ...placeColumns])
    .where('face_id', '=', sql<string>`any(${[...faceIds]}::uuid[])`)
    .orderBy('photo_id')
    .orderBy('face_id')
    .execute();
}

/** A face that one pack saw at a place. */
export interface FaceAtPlace {
  readonly faceId: string;
  /** Position in the list of places. */
  readonly place: number;
}

/**
 * Locks the photos and the faces at the places, under all packs, in id order, because twins share faces. Until the transaction ends, no search
 * finds anybody by one of them, and none is stored. Statements after this one see what others wrote before it.
 */
export async function lockFacesAt(tx: Transaction<AiSchema>, places: readonly Place[]): Promise<FaceAtPlace[]> {
  if (places.length === 0) return [];
  const photoIds = photosOf(places);
  // First of all and by itself: what a recognition under way stored is seen by the statements after it.
  await sql`
    select from photo_recognitions where photo_id = any(${photoIds}::uuid[]) order by photo_id, pack_id for update`.execute(
    tx,
  );
  const { rows } = await sql<{ face_id: string; place: number }>`
    with place as (${placesOf(places)})
    select f.face_id, p.n as place from faces f join place p on p.photo_id = f.photo_id and ${isSamePlaceIn('f', 'p')}
    where f.photo_id = any(${photoIds}::uuid[]) order by f.face_id for update of f`.execute(tx);
  return rows.map((row) => ({ faceId: row.face_id, place: row.place }));
}

/**
 * Erases the faces at the places, which are locked, with all matches that rest on them, and notes the places, so that the photo, looked at again by
 * any pack, does not bring them back. Answers their vectors, for the caller to mark the typical faces with.
 */
export async function deleteFacesAt(tx: Transaction<AiSchema>, places: readonly Place[]): Promise<ErasedVector[]> {
  if (places.length === 0) return [];
  await sql`
    with place as (${placesOf(places)}), erased as (
      select photo_id, jsonb_agg(distinct jsonb_build_object(
        'left', box_left, 'top', box_top, 'width', box_width, 'height', box_height)) as boxes
      from place group by photo_id
    )
    update photo_recognitions r set erased_boxes = r.erased_boxes || erased.boxes
    from erased where r.photo_id = erased.photo_id`.execute(tx);
  const { rows } = await sql<ErasedVector>`
    with place as (${placesOf(places)}), doomed as (
      select f.face_id from faces f where f.photo_id = any(${photosOf(places)}::uuid[])
        and exists (select from place p where p.photo_id = f.photo_id and ${isSamePlaceIn('f', 'p')})
    )
    delete from faces using doomed where faces.face_id = doomed.face_id
    returning faces.pack_id as "packId", faces.embedding::text as embedding`.execute(tx);
  return rows;
}
