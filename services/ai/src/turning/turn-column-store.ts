import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { vectorOf } from '../db/vector.ts';

const batchSize = 500;

/** Turns one vector. */
export type Turn = (vector: readonly number[]) => Float32Array;

/** A column of vectors; `id` tells the rows apart for which `where` holds. */
export interface VectorColumn {
  readonly table: string;
  readonly id: string;
  readonly column: string;
  readonly where: RawBuilder<boolean>;
}

/** Replaces all vectors of a column, batch after batch; answers how many. Called by the feature that owns the table. */
export async function turnColumn(tx: Transaction<AiSchema>, given: VectorColumn, turn: Turn): Promise<number> {
  const [table, id, column] = [sql.table(given.table), sql.ref(given.id), sql.ref(given.column)];
  let count = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await sql<{ id: string; vector: string }>`
      select ${id} as id, ${column}::text as vector from ${table}
      where ${given.where} and ${column} is not null and ${id} > ${after}::uuid order by ${id} limit ${batchSize}`.execute(
      tx,
    );
    const last = rows.at(-1);
    if (last === undefined) return count;
    const ids = rows.map((row) => row.id);
    const turned = rows.map((row) => vectorOf(turn(JSON.parse(row.vector))));
    await sql`
      update ${table} set ${column} = given.vector::vector
      from unnest(${ids}::uuid[], ${turned}::text[]) as given (id, vector)
      where ${id} = given.id and ${given.where}`.execute(tx);
    count += rows.length;
    after = last.id;
  }
}
