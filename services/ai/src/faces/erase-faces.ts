import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';
import { SAME_PLACE_OVERLAP } from './face.ts';

/** Where in a photo a face is, in fractions of the photo. */
interface Place {
  readonly photo_id: string;
  readonly box_left: number;
  readonly box_top: number;
  readonly box_width: number;
  readonly box_height: number;
}

const placeColumns = ['photo_id', 'box_left', 'box_top', 'box_width', 'box_height'] as const;

/**
 * Erases faces of members who withdraw, under whichever packs they were seen, with all matches that rest on them. Answers their
 * vectors, for the caller to mark the typical faces with.
 */
export async function deleteFaces(
  tx: Transaction<AiSchema>,
  faceIds: readonly string[],
  memberIds: readonly string[],
): Promise<ErasedVector[]> {
  if (faceIds.length === 0) return [];
  const places = await tx.selectFrom('faces').select(placeColumns).where('face_id', 'in', faceIds).execute();
  return eraseAt(tx, { places, faceIds, memberIds });
}

/**
 * Erases the faces at places where packs that are gone found a member under a consent up to the epoch given, as far as the member was
 * ever shown them (`loosestLevel`: as listTheirFaces); answers as deleteFaces.
 */
export async function deleteFacesSeenBefore(
  tx: Transaction<AiSchema>,
  { memberId, epoch, loosestLevel }: { memberId: string; epoch: number; loosestLevel: number },
): Promise<ErasedVector[]> {
  const found = await tx
    .deleteFrom('face_places')
    .where('member_id', '=', memberId)
    .where('consent_epoch', '<=', epoch)
    .returning([...placeColumns, 'level'])
    .execute();
  const places = found.filter(({ level }) => level === null || (loosestLevel > 0 && level >= loosestLevel));
  return eraseAt(tx, { places, faceIds: [], memberIds: [memberId] });
}

/**
 * What one pack saw, another one has seen or will see: at each place the faces go, but those by which somebody else is found, and
 * the place is noted, so that the photo, looked at again, does not bring the face back. Photos and faces are locked in id order,
 * since twins share faces.
 */
async function eraseAt(
  tx: Transaction<AiSchema>,
  erased: { places: readonly Place[]; faceIds: readonly string[]; memberIds: readonly string[] },
): Promise<ErasedVector[]> {
  const { places, faceIds, memberIds } = erased;
  if (places.length === 0) return [];
  const photoIds = [...new Set(places.map((place) => place.photo_id))];
  // First of all and by itself: what a recognition under way stored is seen by the statements after it.
  await sql`
    select from photo_recognitions where photo_id = any(${photoIds}::uuid[]) order by photo_id, pack_id for update`.execute(
    tx,
  );
  await notePlaces(tx, placesOf(places));
  const { rows } = await sql<ErasedVector>`
    with place as (${placesOf(places)}), doomed as (
      select f.face_id from faces f
      where f.photo_id = any(${photoIds}::uuid[]) and (f.face_id = any(${[...faceIds]}::uuid[]) or (
        exists (
          select from place p
          cross join lateral (
            select greatest(least(f.box_left + f.box_width, p.box_left + p.box_width) - greatest(f.box_left, p.box_left), 0)
              * greatest(least(f.box_top + f.box_height, p.box_top + p.box_height) - greatest(f.box_top, p.box_top), 0) as area
          ) shared
          where p.photo_id = f.photo_id and shared.area >= ${SAME_PLACE_OVERLAP}
            * (f.box_width * f.box_height + p.box_width * p.box_height - shared.area)
        ) and not exists (
          select from face_matches m where m.face_id = f.face_id and m.member_id <> all(${[...memberIds]}::uuid[])
        )
      ))
      order by f.face_id for update
    )
    delete from faces using doomed where faces.face_id = doomed.face_id
    returning faces.pack_id as "packId", faces.embedding::text as embedding`.execute(tx);
  return rows;
}

async function notePlaces(tx: Transaction<AiSchema>, places: RawBuilder<unknown>): Promise<void> {
  await sql`
    with place as (${places}), erased as (
      select photo_id, jsonb_agg(distinct jsonb_build_object(
        'left', box_left, 'top', box_top, 'width', box_width, 'height', box_height)) as boxes
      from place group by photo_id
    )
    update photo_recognitions r set erased_boxes = r.erased_boxes || erased.boxes
    from erased where r.photo_id = erased.photo_id`.execute(tx);
}

function placesOf(places: readonly Place[]): RawBuilder<unknown> {
  return sql`
    select * from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as place (
      photo_id uuid, box_left float8, box_top float8, box_width float8, box_height float8)`;
}
