import type { Db } from '@kilas/platform/db/database.ts';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { readVector, vectorOf } from '../db/vector.ts';
import type { TypicalFace } from '../distances/normalised-distance.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';
import type { Turn } from '../turning/turn-column-store.ts';

/** Photos whose faces make a typical face at most, and faces of one photo: a crowd does not outweigh all others. */
const photosMax = 2_500;
const facesPerPhotoMax = 5;

/** What is known of a pack's typical face without reading it. */
export interface TypicalFaceState {
  /** How many faces it is the mean of; 0: it came with the pack. */
  readonly faceCount: number;
  readonly isStale: boolean;
  readonly madeAt: Date;
}

/** Turned, as the faces are that it is compared with. */
export async function findTypicalFace(db: Db<AiSchema>, packId: string): Promise<TypicalFace | undefined> {
  const row = await db
    .selectFrom('typical_faces')
    .select([sql<string>`embedding::text`.as('embedding'), 'usual_distance'])
    .where('pack_id', '=', packId)
    .executeTakeFirst();
  return row && { embedding: readVector(row.embedding), usualDistance: row.usual_distance };
}

/** Undefined when there is none. */
export async function findTypicalFaceState(db: Db<AiSchema>, packId: string): Promise<TypicalFaceState | undefined> {
  return toState(await states(db, packId).executeTakeFirst());
}

/** As findTypicalFaceState, and locks it, so that no erasure is noted meanwhile. */
export async function lockTypicalFace(
  tx: Transaction<AiSchema>,
  packId: string,
): Promise<TypicalFaceState | undefined> {
  return toState(await states(tx, packId).forUpdate().executeTakeFirst());
}

function states(db: Db<AiSchema>, packId: string) {
  return db.selectFrom('typical_faces').select(['face_count', 'is_stale', 'made_at']).where('pack_id', '=', packId);
}

function toState(
  row: Pick<Selectable<AiSchema['typical_faces']>, 'face_count' | 'is_stale' | 'made_at'> | undefined,
): TypicalFaceState | undefined {
  return row && { faceCount: row.face_count, isStale: row.is_stale, madeAt: row.made_at };
}

/** The one that comes with a pack: in the place of what the pack came with before, and never of the installation's own. */
export async function insertTypicalFace(
  db: Db<AiSchema>,
  packId: string,
  typical: TypicalFace,
  madeAt: Date,
): Promise<void> {
  const given = { embedding: vectorOf(typical.embedding), usual_distance: typical.usualDistance };
  await db
    .insertInto('typical_faces')
    .values({ ...given, pack_id: packId, face_count: 0, made_at: madeAt })
    .onConflict((conflict) => conflict.column('pack_id').doUpdateSet(given).where('typical_faces.face_count', '=', 0))
    .execute();
}

/** Puts the one that comes with the pack back in the place of the installation's own. The caller has locked it. */
export async function resetTypicalFace(
  tx: Transaction<AiSchema>,
  packId: string,
  typical: TypicalFace,
  madeAt: Date,
): Promise<void> {
  await tx
    .updateTable('typical_faces')
    .set({
      ...{ embedding: vectorOf(typical.embedding), usual_distance: typical.usualDistance },
      ...{ face_count: 0, is_stale: false, made_at: madeAt },
    })
    .where('pack_id', '=', packId)
    .execute();
}

export async function deleteTypicalFace(db: Db<AiSchema>, packId: string): Promise<void> {
  await db.deleteFrom('typical_faces').where('pack_id', '=', packId).execute();
}

/**
 * The faces that make a typical face: sure faces, by which no enrolled member is found, of a sample of photos. The sample is the same each time. No
 * template is among them.
 */
const sampledFaces = (packId: string) => sql`
  select embedding from (
    select f.embedding, row_number() over (partition by f.photo_id order by f.face_id) as place
    from (
      select photo_id from photo_recognitions where pack_id = ${packId} and face_count > 0 and faces_erased_at is null
      order by md5(photo_id::text) limit ${photosMax}
    ) s join faces f on f.photo_id = s.photo_id and f.pack_id = ${packId}
    where f.is_sure and not exists (select from face_matches m where m.face_id = f.face_id)
  ) sampled where place <= ${facesPerPhotoMax}`;

export async function countSampledFaces(db: Db<AiSchema>, packId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (${sampledFaces(packId)}) sampled`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Makes it anew from the faces that are stored now. The caller has locked it. */
export async function updateTypicalFace(tx: Transaction<AiSchema>, packId: string, madeAt: Date): Promise<void> {
  await sql`
    with sampled as materialized (${sampledFaces(packId)}),
    middle as materialized (select avg(embedding) as embedding, count(*)::int as face_count from sampled)
    update typical_faces t set embedding = middle.embedding, face_count = middle.face_count, is_stale = false, made_at = ${madeAt},
      usual_distance = (select avg(s.embedding <-> m.embedding) from sampled s cross join middle m)
    from middle where t.pack_id = ${packId}`.execute(tx);
}

/**
 * Notes that faces were erased which the typical faces of these packs may hold a part of. In the transaction that erases, last: whoever
 * erases waits here for the one that is being made.
 */
export async function markTypicalFacesStale(tx: Transaction<AiSchema>, erased: readonly ErasedVector[]): Promise<void> {
  if (erased.length === 0) return;
  const packIds = [...new Set(erased.map(({ packId }) => packId))];
  // By itself and whatever the rows say: one that is being made was read before the erasure, and says only after its commit what it is.
  await sql`select from typical_faces where pack_id = any(${packIds}::text[]) order by pack_id for update`.execute(tx);
  await sql`
    update typical_faces set is_stale = true where pack_id = any(${packIds}::text[]) and face_count > 0 and not is_stale`.execute(
    tx,
  );
}

/** Replaces that of a pack by the same one turned; answers how many there were, one or none. */
export async function turnTypicalFace(tx: Transaction<AiSchema>, packId: string, turn: Turn): Promise<number> {
  const { rows } = await sql<{ embedding: string }>`
    select embedding::text from typical_faces where pack_id = ${packId} for update`.execute(tx);
  for (const { embedding } of rows)
    await sql`
      update typical_faces set embedding = ${vectorOf(turn(JSON.parse(embedding)))}::vector where pack_id = ${packId}`.execute(
      tx,
    );
  return rows.length;
}
