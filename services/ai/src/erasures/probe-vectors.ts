import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from './erased-vector.ts';

/** Vectors looked for after one erasure at most, the first of them: each is compared with every face there is. */
export const vectorsProbedMax = 200;
/** So that one statement stays far from its time limit with a million faces. */
const vectorsPerStatement = 20;
/** L2; the same vector has 0. */
const sameVectorDistanceMax = 1e-6;

/**
 * Looks for vectors that were erased among all templates and faces of their pack, as a search would, in a snapshot taken now:
 * how many were looked for, and how many of them something was found for. By exact scan: no index proposes here.
 */
export async function probeVectors(
  db: Kysely<AiSchema>,
  vectors: readonly ErasedVector[],
): Promise<{ vectorsProbed: number; survivors: number }> {
  const probed = vectors.slice(0, vectorsProbedMax);
  let survivors = 0;
  for (let start = 0; start < probed.length; start += vectorsPerStatement) {
    survivors += await countFound(db, probed.slice(start, start + vectorsPerStatement));
  }
  return { vectorsProbed: probed.length, survivors };
}

async function countFound(db: Kysely<AiSchema>, vectors: readonly ErasedVector[]): Promise<number> {
  const isThere = (table: 'templates' | 'faces') => sql<boolean>`exists (
    select from ${sql.table(table)} s where s.pack_id = e.pack_id
      and case when s.pack_id = e.pack_id then s.embedding <-> e.embedding <= ${sameVectorDistanceMax} end)`;
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from (select v ->> 'packId' as pack_id, (v ->> 'embedding')::vector as embedding
      from jsonb_array_elements(${JSON.stringify(vectors)}::jsonb) v) e
    where ${isThere('templates')} or ${isThere('faces')}`.execute(db);
  return rows[0]?.count ?? 0;
}
