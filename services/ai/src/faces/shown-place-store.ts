import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { isSamePlaceIn, type Place, photosOf, placeColumns, placesOf } from './place-sql.ts';

/** A face by which a member was found. */
export interface FoundFace {
  readonly faceId: string;
  readonly memberId: string;
  /** Null where it was shown by default. */
  readonly level: number | null;
  /** Whether a facecam that was proven live found the member there. */
  readonly provenLive: boolean;
}

/**
 * Keeps where a pack found members, and how nearly: withdrawing must find those faces, also where the pack that stays finds the member less
 * nearly, or by another face. Hands what was kept before on to the recognition that stays. The caller has locked the members and the photos.
 */
export async function keepPlaces(
  tx: Transaction<AiSchema>,
  photoIds: readonly string[],
  found: readonly FoundFace[],
  { ofPack, underPack }: { ofPack: string; underPack: string },
): Promise<void> {
  const ids = [...photoIds];
  await sql`
    update face_places set pack_id = ${underPack} where photo_id = any(${ids}::uuid[]) and pack_id = ${ofPack}`.execute(
    tx,
  );
  await sql`
    insert into face_places (photo_id, pack_id, member_id, consent_epoch, box_left, box_top, box_width, box_height, level, proven_live)
    select m.photo_id, ${underPack}, m.member_id, m.consent_epoch, f.box_left, f.box_top, f.box_width, f.box_height, k.level, k."provenLive"
    from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as k ("faceId" uuid, "memberId" uuid, level smallint, "provenLive" boolean)
    join face_matches m on m.face_id = k."faceId" and m.member_id = k."memberId"
    join faces f on f.face_id = m.face_id
    join erased_members e on e.member_id = m.member_id and e.erased_epoch < m.consent_epoch
    on conflict on constraint face_places_pk do update
      set consent_epoch = greatest(face_places.consent_epoch, excluded.consent_epoch), ${shownPlace}`.execute(tx);
}

/** Of two packs' places of a member in a photo that which was shown, or the nearer one. */
const shownPlace = sql.join(
  ['box_left', 'box_top', 'box_width', 'box_height', 'level', 'proven_live'].map(
    (column) => sql`${sql.ref(column)} = case
      when coalesce(excluded.level, 10) > coalesce(face_places.level, 10) then ${sql.ref(`excluded.${column}`)}
      else ${sql.ref(`face_places.${column}`)} end`,
  ),
);

/** Positions of those places at which a pack that is gone showed a member, who consents, a face by default. */
export async function listPlacesShownBefore(tx: Transaction<AiSchema>, places: readonly Place[]): Promise<number[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<{ place: number }>`
    with place as (${placesOf(places)})
    select distinct p.n as place from face_places b join place p on p.photo_id = b.photo_id and ${isSamePlaceIn('b', 'p')}
    where b.photo_id = any(${photosOf(places)}::uuid[]) and b.level is null`.execute(tx);
  return rows.map((row) => row.place);
}

/**
 * Deletes where packs that are gone found a member under a consent up to the epoch given; answers those places that they were ever shown.
 */
export async function deletePlacesSeenBefore(
  tx: Transaction<AiSchema>,
  { memberId, epoch, loosestLevel }: { memberId: string; epoch: number; loosestLevel: number },
): Promise<(Place & { readonly isProven: boolean })[]> {
  const found = await tx
    .deleteFrom('face_places')
    .where('member_id', '=', memberId)
    .where('consent_epoch', '<=', epoch)
    .returning([...placeColumns, 'level', 'proven_live'])
    .execute();
  return found
    .filter(({ level }) => level === null || (loosestLevel > 0 && level >= loosestLevel))
    .map(({ level, proven_live, ...place }) => ({ ...place, isProven: proven_live }));
}
