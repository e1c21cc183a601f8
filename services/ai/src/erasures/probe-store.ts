import { transact } from '@kilas/platform/db/transact.ts';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from './erased-vector.ts';

/** L2; the same vector has 0. */
export const sameVectorDistanceMax = 1e-6;

type Table = 'templates' | 'faces';

/** The tables that have a whole index of vectors; without pgvector there is none. */
export async function listIndexedTables(db: Kysely<AiSchema>): Promise<Table[]> {
  const { rows } = await sql<{ table: Table }>`
    select distinct t.relname as table from pg_index i
    join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam join pg_class t on t.oid = i.indrelid
    join pg_namespace n on n.oid = t.relnamespace
    where a.amname in ('hnsw', 'ivfflat') and i.indisvalid and n.nspname = current_schema()
      and t.relname in ('faces', 'templates') order by 1`.execute(db);
  return rows.map((row) => row.table);
}

/** Which of the vectors an index of the table answers something at distance 0 for, as positions in the list. */
export async function listFoundByIndex(
  db: Kysely<AiSchema>,
  where: { table: Table; memberId: string | undefined },
  vectors: readonly ErasedVector[],
): Promise<number[]> {
  return transact(db, async (tx) => {
    await sql`set local enable_seqscan = off; set local enable_sort = off; set local enable_bitmapscan = off`.execute(
      tx,
    );
    const found: number[] = [];
    for (const [position, vector] of vectors.entries()) {
      if (vector.isCopy === true && where.table === 'faces') continue;
      const { rows } = await nearest(where, vector).execute(tx);
      if (rows.some(({ distance }) => distance <= sameVectorDistanceMax)) found.push(position);
    }
    return found;
  });
}

/** Which of the vectors stand in a table, as positions in the list. By comparing each with every row of its pack. */
export async function listFoundExactly(
  db: Kysely<AiSchema>,
  vectors: readonly ErasedVector[],
  memberId: string | undefined,
): Promise<number[]> {
  const isThere = (table: 'templates' | 'faces', column: 'embedding' | 'likeness') => sql<boolean>`exists (
    select from ${sql.table(table)} s where s.pack_id = e.pack_id and ${mayBeFound({ table, memberId })}
      and case when s.pack_id = e.pack_id then ${sql.ref(`s.${column}`)} <-> e.embedding <= ${sameVectorDistanceMax} end)`;
  const { rows } = await sql<{ position: number }>`
    select e.position from (
      select (n - 1)::int as position, v ->> 'packId' as pack_id, (v ->> 'embedding')::vector as embedding,
        coalesce((v ->> 'isCopy')::boolean, false) as is_copy
      from jsonb_array_elements(${JSON.stringify(vectors)}::jsonb) with ordinality as v (v, n)
    ) e where ${isThere('templates', 'embedding')} or ${isThere('templates', 'likeness')}
      or (not e.is_copy and ${isThere('faces', 'embedding')})`.execute(db);
  return rows.map((row) => row.position);
}

/** Whether a row s of the table counts, when it holds a vector that was erased. */
function mayBeFound({ table, memberId }: { table: Table; memberId: string | undefined }): RawBuilder<unknown> {
  if (table === 'faces') return sql`true`;
  return memberId === undefined
    ? sql`s.source = 'selfie'`
    : sql`(s.source = 'selfie' or s.member_id = ${sql.lit(memberId)}::uuid)`;
}

/** In the form of the indexes: one for each pack, over embeddings of its length. Literals, or no index would fit. */
export function nearest(where: { table: Table; memberId: string | undefined }, { packId, embedding }: ErasedVector) {
  const dimension = sql.lit(embedding.split(',').length);
  const distance = sql`(embedding::vector(${dimension})) <-> ${sql.lit(embedding)}::vector(${dimension})`;
  return sql<{ distance: number }>`
    select ${distance} as distance from ${sql.table(where.table)} as s
    where pack_id = ${sql.lit(packId)} and ${mayBeFound(where)} order by ${distance} limit 1`;
}
