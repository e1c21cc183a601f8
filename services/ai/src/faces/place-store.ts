import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';
import { samePlaceOverlap } from './face.ts';

/** Where in a photo a face is, in fractions of the photo. */
export interface Place {
  readonly photo_id: string;
  readonly box_left: number;
  readonly box_top: number;
  readonly box_width: number;
  readonly box_height: number;
}

export const placeColumns = ['photo_id', 'box_left', 'box_top', 'box_width', 'box_height'] as const;

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
    select f.face_id, p.n as place from faces f join place p on p.photo_id = f.photo_id and ${isSamePlace('f', 'p')}
    where f.photo_id = any(${photoIds}::uuid[]) order by f.face_id for update of f`.execute(tx);
  return rows.map((row) => ({ faceId: row.face_id, place: row.place }));
}

/** Positions of those places at which a pack that is gone showed a member, who consents, a face by default. */
export async function listPlacesShownBefore(tx: Transaction<AiSchema>, places: readonly Place[]): Promise<number[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<{ place: number }>`
    with place as (${placesOf(places)})
    select distinct p.n as place from face_places b join place p on p.photo_id = b.photo_id and ${isSamePlace('b', 'p')}
    where b.photo_id = any(${photosOf(places)}::uuid[]) and b.level is null`.execute(tx);
  return rows.map((row) => row.place);
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
        and exists (select from place p where p.photo_id = f.photo_id and ${isSamePlace('f', 'p')})
    )
    delete from faces using doomed where faces.face_id = doomed.face_id
    returning faces.pack_id as "packId", faces.embedding::text as embedding`.execute(tx);
  return rows;
}

/** Notes when the faces at the places go. Where one was to go already, it goes at the later of both times. */
export async function upsertCutOffPlaces(
  tx: Transaction<AiSchema>,
  places: readonly Place[],
  eraseAt: Date,
): Promise<void> {
  if (places.length === 0) return;
  await sql`
    with place as (${placesOf(places)}), before as (
      delete from cut_off_places c using place p where c.photo_id = p.photo_id and ${isSamePlace('c', 'p')}
      returning p.n, c.erase_at
    )
    insert into cut_off_places (photo_id, box_left, box_top, box_width, box_height, erase_at)
    select photo_id, box_left, box_top, box_width, box_height,
      greatest(${eraseAt}::timestamptz, (select max(erase_at) from before where before.n = place.n))
    from place`.execute(tx);
}

/** Places whose time has come, the longest due first. */
export async function listDuePlaces(
  tx: Transaction<AiSchema>,
  now: Date,
  limit: number,
): Promise<(Place & { readonly place_id: string; readonly erase_at: Date })[]> {
  return tx
    .selectFrom('cut_off_places')
    .select(['place_id', 'erase_at', ...placeColumns])
    .where('erase_at', '<=', now)
    .orderBy('erase_at')
    .orderBy('place_id')
    .limit(limit)
    .execute();
}

/** Answers those that were still there, and due: another replica may have been first, or a later withdrawal have moved them. */
export async function deleteDuePlaces(
  tx: Transaction<AiSchema>,
  placeIds: readonly string[],
  now: Date,
): Promise<Set<string>> {
  const rows = await tx
    .deleteFrom('cut_off_places')
    .where('place_id', 'in', [...placeIds])
    .where('erase_at', '<=', now)
    .returning('place_id')
    .execute();
  return new Set(rows.map((row) => row.place_id));
}

const photosOf = (places: readonly Place[]) => [...new Set(places.map((place) => place.photo_id))];

/** With `n`, the position in the list. */
function placesOf(places: readonly Place[]): RawBuilder<unknown> {
  const rows = places.map(({ photo_id, box_left, box_top, box_width, box_height }, n) => {
    return { n, photo_id, box_left, box_top, box_width, box_height };
  });
  return sql`
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as place (
      n int, photo_id uuid, box_left float8, box_top float8, box_width float8, box_height float8)`;
}

/** As isSamePlace, on rows of two tables with the columns of a place. */
function isSamePlace(a: string, b: string): RawBuilder<boolean> {
  const side = (table: string, column: string) => sql.ref(`${table}.${column}`);
  const overlap = (start: string, length: string) => sql`greatest(
    least(${side(a, start)} + ${side(a, length)}, ${side(b, start)} + ${side(b, length)})
      - greatest(${side(a, start)}, ${side(b, start)}), 0)`;
  const area = (table: string) => sql`${side(table, 'box_width')} * ${side(table, 'box_height')}`;
  return sql<boolean>`exists (
    select from (select ${overlap('box_left', 'box_width')} * ${overlap('box_top', 'box_height')} as area) shared
    where shared.area >= ${sql.lit(samePlaceOverlap)} * (${area(a)} + ${area(b)} - shared.area))`;
}
