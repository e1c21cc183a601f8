import type { Db } from '@kilas/platform/db/database.ts';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Claim } from '../claims/claim-store.ts';
import type { JudgedClaim } from '../claims/judge-claims.ts';
import type { AiSchema } from '../db/schema.ts';

/** From one pack to another. */
export interface PackChange {
  readonly packId: string;
  readonly oldPackId: string;
}

export interface ChangeProgress {
  readonly photoCount: number;
  readonly photosWaiting: number;
  readonly memberCount: number;
  readonly membersWaiting: number;
}

/** Of what the old pack knows, how much there is and how much the new one does not know yet. */
export async function countProgress(db: Db<AiSchema>, { packId, oldPackId }: PackChange): Promise<ChangeProgress> {
  const { rows } = await sql<ChangeProgress>`
    select
      (select count(*)::integer from photo_recognitions where pack_id = ${oldPackId}
        and faces_erased_at is null) as "photoCount",
      (select count(*)::integer from photo_recognitions o where o.pack_id = ${oldPackId}
        and o.faces_erased_at is null and not exists (select from photo_recognitions n where n.photo_id = o.photo_id and n.pack_id = ${packId})) as "photosWaiting",
      (select count(distinct member_id)::integer from templates where pack_id = ${oldPackId} and source = 'selfie') as "memberCount",
      (select count(distinct member_id)::integer from templates o where o.pack_id = ${oldPackId} and o.source = 'selfie' and not exists (
        select from templates n where n.member_id = o.member_id and n.pack_id = ${packId} and n.source = 'selfie')) as "membersWaiting"`.execute(
    db,
  );
  const [progress] = rows;
  if (progress === undefined) throw new Error('no progress was counted');
  return progress;
}

interface Page {
  readonly after: string | undefined;
  readonly limit: number;
}

/** Photos that the old pack has seen and the new one has not, in order of id; none whose faces were erased for good. */
export async function listPhotosWaiting(db: Db<AiSchema>, change: PackChange, page: Page): Promise<string[]> {
  let query = db
    .selectFrom('photo_recognitions as o')
    .select('o.photo_id')
    .where('o.pack_id', '=', change.oldPackId)
    .where('o.faces_erased_at', 'is', null)
    .where(sql<boolean>`not exists (
      select from photo_recognitions n where n.photo_id = o.photo_id and n.pack_id = ${change.packId})`)
    .orderBy('o.photo_id')
    .limit(page.limit);
  if (page.after !== undefined) query = query.where('o.photo_id', '>', page.after);
  return (await query.execute()).map((row) => row.photo_id);
}

/** Members whose selfies are enrolled under the old pack and under the new one not at all, in order of id. */
export async function listMembersWaiting(db: Db<AiSchema>, change: PackChange, page: Page): Promise<string[]> {
  let query = db
    .selectFrom('templates as o')
    .select('o.member_id')
    .distinct()
    .where('o.pack_id', '=', change.oldPackId)
    .where('o.source', '=', 'selfie')
    .where(sql<boolean>`not exists (
      select from templates n
      where n.member_id = o.member_id and n.pack_id = ${change.packId} and n.source = 'selfie')`)
    .orderBy('o.member_id')
    .limit(page.limit);
  if (page.after !== undefined) query = query.where('o.member_id', '>', page.after);
  return (await query.execute()).map((row) => row.member_id);
}

/**
 * Templates of a pack that is gone, so many at most, and the matches that rest on them; answers how many went. Facecams that no other
 * pack knows are noted: what photo was told by them stays. Confirmed faces are under no other pack: photo has yet to hear that they ended.
 */
export async function deleteTemplatesOfPack(db: Kysely<AiSchema>, packId: string, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    with doomed as (
      select facecam_id from templates where pack_id = ${packId} order by facecam_id limit ${limit} for update
    ), ended as (
      insert into untold_endings (facecam_id, member_id)
      select facecam_id, member_id from templates
      where pack_id = ${packId} and source = 'confirmed' and facecam_id in (select facecam_id from doomed)
      on conflict (facecam_id) do nothing
    ), outdated as (
      insert into outdated_facecams (facecam_id, member_id, consent_epoch)
      select facecam_id, member_id, consent_epoch from templates t
      where t.pack_id = ${packId} and t.source = 'selfie' and t.facecam_id in (select facecam_id from doomed)
        and not exists (select from templates o where o.facecam_id = t.facecam_id and o.pack_id <> t.pack_id)
      on conflict (facecam_id) do nothing
    )
    delete from templates t using doomed where t.pack_id = ${packId} and t.facecam_id = doomed.facecam_id`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** Photos in which the old pack has seen what it need not keep: those that both packs have seen. */
export async function listPhotosSeenTwice(db: Db<AiSchema>, change: PackChange, limit: number): Promise<string[]> {
  const { packId, oldPackId } = change;
  const { rows } = await sql<{ photo_id: string }>`
    select o.photo_id from photo_recognitions o
    join photo_recognitions n on n.photo_id = o.photo_id and n.pack_id = ${packId}
    where o.pack_id = ${oldPackId} order by o.photo_id limit ${limit}`.execute(db);
  return rows.map((row) => row.photo_id);
}

export async function listPhotosWithFacesOf(db: Db<AiSchema>, packId: string, limit: number): Promise<string[]> {
  const query = db.selectFrom('faces').select('photo_id').distinct().where('pack_id', '=', packId);
  return (await query.orderBy('photo_id').limit(limit).execute()).map((row) => row.photo_id);
}

/** By which faces of a pack members are found in photos. */
export async function listClaimsIn(
  tx: Transaction<AiSchema>,
  photoIds: readonly string[],
  packId: string,
): Promise<Claim[]> {
  const query = tx.selectFrom('face_matches').select(['face_id', 'member_id', 'distance']);
  const rows = await query.where('photo_id', 'in', photoIds).where('pack_id', '=', packId).execute();
  return rows.map((row) => ({ faceId: row.face_id, memberId: row.member_id, distance: row.distance }));
}

export async function listMembersMatchedIn(
  db: Db<AiSchema>,
  photoIds: readonly string[],
  packId: string,
): Promise<string[]> {
  const query = db.selectFrom('face_matches').select('member_id').distinct().where('photo_id', 'in', photoIds);
  return (await query.where('pack_id', '=', packId).orderBy('member_id').execute()).map((row) => row.member_id);
}

/**
 * Keeps where a pack found members, and how nearly: withdrawing must find those faces, also where the pack that stays finds the member less
 * nearly, or by another face. Hands what was kept before on to the recognition that stays. The caller has locked the members and the photos.
 */
export async function keepPlaces(
  tx: Transaction<AiSchema>,
  photoIds: readonly string[],
  claims: readonly (JudgedClaim & { readonly provenLive: boolean })[],
  { ofPack, underPack }: { ofPack: string; underPack: string },
): Promise<void> {
  const ids = [...photoIds];
  const kept = claims.map(({ faceId, memberId, level, wasShownByDefault, provenLive }) => ({
    faceId,
    memberId,
    level: wasShownByDefault ? null : level,
    provenLive,
  }));
  await sql`
    update face_places set pack_id = ${underPack} where photo_id = any(${ids}::uuid[]) and pack_id = ${ofPack}`.execute(
    tx,
  );
  await sql`
    insert into face_places (photo_id, pack_id, member_id, consent_epoch, box_left, box_top, box_width, box_height, level, proven_live)
    select m.photo_id, ${underPack}, m.member_id, m.consent_epoch, f.box_left, f.box_top, f.box_width, f.box_height, k.level, k."provenLive"
    from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as k ("faceId" uuid, "memberId" uuid, level smallint, "provenLive" boolean)
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

/** With the matches that rest on them. */
export async function deleteFacesOfPack(
  tx: Transaction<AiSchema>,
  photoIds: readonly string[],
  packId: string,
): Promise<void> {
  await tx.deleteFrom('faces').where('photo_id', 'in', photoIds).where('pack_id', '=', packId).execute();
}

/** With their faces, and the matches that rest on them. */
export async function deleteRecognitionsOfPack(
  tx: Transaction<AiSchema>,
  photoIds: readonly string[],
  packId: string,
): Promise<void> {
  await tx.deleteFrom('photo_recognitions').where('photo_id', 'in', photoIds).where('pack_id', '=', packId).execute();
}
