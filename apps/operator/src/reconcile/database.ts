import { openDatabase } from '@kilas/platform/db/database.ts';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { z } from 'zod';

export type Database = Kysely<object>;

const pageSize = 1000;
const firstId = '00000000-0000-0000-0000-000000000000';

/** Without a limit for statements: an operator waits. Close it with `destroy`. */
export function openForReading(url: string): Database {
  // One: more than one session at a time would wait for each other on PGlite.
  return openDatabase<object>({ url, poolSizeMax: 1, statementTimeoutMs: 0, onTrouble: () => {} });
}

export async function rowsOf<Schema extends z.ZodType>(
  db: Database,
  row: Schema,
  query: RawBuilder<unknown>,
): Promise<z.output<Schema>[]> {
  return z.array(row).parse((await query.execute(db)).rows);
}

/** The values of a query's column `id`. */
export async function idsOf(db: Database, query: RawBuilder<unknown>): Promise<Set<string>> {
  return new Set((await rowsOf(db, z.object({ id: z.string() }), query)).map(({ id }) => id));
}

/**
 * All rows of a query, page after page; `select` answers those whose UUID is greater than `after`, ordered by it, at most
 * `limit`.
 */
export async function* pagesOf<Schema extends z.ZodType>(
  db: Database,
  row: Schema,
  keyOf: (row: z.output<Schema>) => string,
  select: (after: string, limit: number) => RawBuilder<unknown>,
): AsyncGenerator<z.output<Schema>[]> {
  let after = firstId;
  for (;;) {
    const rows = await rowsOf(db, row, select(after, pageSize));
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = keyOf(last);
  }
}

/** As `pagesOf`, for a key of two UUIDs. */
export async function* pairPagesOf<Schema extends z.ZodType>(
  db: Database,
  row: Schema,
  keyOf: (row: z.output<Schema>) => readonly [string, string],
  select: (after: RawBuilder<unknown>, limit: number) => RawBuilder<unknown>,
): AsyncGenerator<z.output<Schema>[]> {
  let after: readonly [string, string] = [firstId, firstId];
  for (;;) {
    const rows = await rowsOf(db, row, select(sql`(${after[0]}::uuid, ${after[1]}::uuid)`, pageSize));
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = keyOf(last);
  }
}

/** A list of UUIDs as a parameter. */
export function uuids(ids: readonly string[]): RawBuilder<unknown> {
  return sql`${[...ids]}::uuid[]`;
}
