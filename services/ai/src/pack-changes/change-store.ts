import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { Claim } from '../claims/claim-store.ts';
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
