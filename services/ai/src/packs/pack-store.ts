import { type Calibration, calibrationSchema, dlibCalibration } from '@kilas/face-engine/distances/calibration.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { JudgedCalibration } from '../distances/default-cut.ts';
import { listDefaultCuts } from '../distances/default-cut-store.ts';

/**
 * Notes a pack and how long its embeddings are; what is known of it stays, and an embedding of another length is then refused by
 * the foreign key.
 */
export async function insertPack(
  tx: Transaction<AiSchema>,
  packId: string,
  embedded: readonly { readonly embedding: Float32Array }[],
): Promise<void> {
  const dimension = embedded[0]?.embedding.length;
  if (dimension === undefined) return;
  await tx
    .insertInto('packs')
    .values({ pack_id: packId, dimension })
    .onConflict((conflict) => conflict.column('pack_id').doNothing())
    .execute();
}

/** Notes a pack as its manifest says it is; answers the length of embeddings that it is known by. */
export async function upsertPack(
  tx: Transaction<AiSchema>,
  pack: { packId: string; dimension: number; calibration: Calibration },
): Promise<number> {
  const calibration = JSON.stringify(pack.calibration);
  const row = await tx
    .insertInto('packs')
    .values({ pack_id: pack.packId, dimension: pack.dimension, calibration })
    .onConflict((conflict) => conflict.column('pack_id').doUpdateSet({ calibration }))
    .returning('dimension')
    .executeTakeFirstOrThrow();
  return row.dimension;
}

/** Which packs are believed first where several know a face, the first one most; all others after them. */
export async function rankPacks(tx: Transaction<AiSchema>, packIds: readonly string[]): Promise<void> {
  await sql`
    update packs set rank = coalesce(${packIds.length + 1} - array_position(${[...packIds]}::text[], pack_id), 0)`.execute(
    tx,
  );
}

/** The pack that photos or members are known by, of several the one believed first; undefined where there are no faces yet. */
export async function findPackOfFaces(db: Db<AiSchema>): Promise<string | undefined> {
  const row = await db
    .selectFrom('packs as p')
    .select('p.pack_id')
    .where(
      sql<boolean>`exists (select from photo_recognitions r where r.pack_id = p.pack_id)
        or exists (select from templates t where t.pack_id = p.pack_id)`,
    )
    .orderBy('p.rank', 'desc')
    .orderBy('p.added_at', 'desc')
    .orderBy('p.pack_id')
    .limit(1)
    .executeTakeFirst();
  return row?.pack_id;
}

/** Packs that members are enrolled under, besides these. */
export async function listOtherPacks(db: Db<AiSchema>, packIds: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('packs as p')
    .select('p.pack_id')
    .where('p.pack_id', 'not in', packIds)
    .where(sql<boolean>`exists (select from templates t where t.pack_id = p.pack_id)`)
    .orderBy('p.pack_id')
    .limit(100)
    .execute();
  return rows.map((row) => row.pack_id);
}

/** What distances mean under each pack that was ever used here, also by a replica with another configuration. */
export async function listCalibrations(db: Db<AiSchema>): Promise<(packId: string) => JudgedCalibration> {
  const known = await readCalibrations(db);
  const [defaultCut] = await listDefaultCuts(db);
  return (packId) => ({ ...(known.get(packId) ?? dlibCalibration), defaultCut });
}

/** As listCalibrations, by pack, of those that have one of their own. */
export async function readCalibrations(db: Db<AiSchema>): Promise<ReadonlyMap<string, Calibration>> {
  const rows = await db.selectFrom('packs').select(['pack_id', 'calibration']).orderBy('pack_id').limit(1000).execute();
  return new Map(
    rows.flatMap((row) => (row.calibration === null ? [] : [[row.pack_id, calibrationSchema.parse(row.calibration)]])),
  );
}

/** A pair of the pack's embeddings that is farther apart is no match; `pack` is the alias of the table in the query. */
export function candidateDistanceMax(pack: string) {
  return sql<number>`coalesce(
    (${sql.ref(`${pack}.calibration`)} ->> 'candidateDistanceMax')::double precision,
    ${dlibCalibration.candidateDistanceMax})`;
}

/**
 * Each pack with its cut, to be joined as a table: `pack_id`, `distance_max`. The cut is read out of the calibration once a pack and, being kept
 * apart by `offset 0`, not once for each pair that is compared.
 */
export const packCuts = sql`(select pack_id, ${candidateDistanceMax('packs')} as distance_max from packs offset 0)`;
