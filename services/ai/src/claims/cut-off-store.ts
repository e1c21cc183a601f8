import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { isSamePlaceIn, type Place, placeColumns, placesOf } from '../faces/place-sql.ts';

/** Notes when the faces at the places go. Where one was to go already, it goes at the later of both times. */
export async function upsertCutOffPlaces(
  tx: Transaction<AiSchema>,
  places: readonly Place[],
  eraseAt: Date,
): Promise<void> {
  if (places.length === 0) return;
  await sql`
    with place as (${placesOf(places)}), before as (
      delete from cut_off_places c using place p where c.photo_id = p.photo_id and ${isSamePlaceIn('c', 'p')}
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

/** Of photos that are gone, with the faces that waited. */
export async function deletePlacesOfPhotos(tx: Transaction<AiSchema>, photoIds: readonly string[]): Promise<void> {
  await sql`delete from cut_off_places where photo_id = any(${[...photoIds]}::uuid[])`.execute(tx);
}
