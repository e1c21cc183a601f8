import type { Kysely } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from './erased-vector.ts';
import { listFoundByIndex, listFoundExactly, listIndexedTables } from './probe-store.ts';

/** Vectors looked for after one erasure at most, the first of them: each is compared with every face there is. */
export const vectorsProbedMax = 200;
/** So that one statement stays far from its time limit with a million faces. */
const vectorsPerStatement = 20;

/**
 * Looks for vectors that were erased among all templates and faces of their pack, as a search would, in a snapshot taken now:
 * how many were looked for, and how many of them something was found for. By exact scan, and by the index where there is one. A
 * template that was copied from an erased face is no find: it is that of a consenting member, unless they are the `memberId` who withdrew.
 */
export async function probeVectors(
  db: Kysely<AiSchema>,
  vectors: readonly ErasedVector[],
  memberId?: string,
): Promise<{ vectorsProbed: number; survivors: number }> {
  const probed = vectors.slice(0, vectorsProbedMax);
  const tables = probed.length === 0 ? [] : await listIndexedTables(db);
  let survivors = 0;
  for (let start = 0; start < probed.length; start += vectorsPerStatement) {
    const some = probed.slice(start, start + vectorsPerStatement);
    const found = new Set(await listFoundExactly(db, some, memberId));
    for (const table of tables)
      for (const position of await listFoundByIndex(db, { table, memberId }, some)) found.add(position);
    survivors += found.size;
  }
  return { vectorsProbed: probed.length, survivors };
}
