import pg from 'pg';
import { z } from 'zod';
import { batchesOf } from '../batches.ts';

/** Of one INSERT. */
const rowsMax = 500;

/**
 * Inserts rows of fields as text, as COPY would read them: PGlite's socket takes no COPY from a client. `table` is a name
 * with its schema; answers how many rows. Fields of columns that the table has not are passed over.
 */
export async function insertRows(
  client: pg.Client,
  table: { readonly name: string; readonly columns: readonly string[] },
  rows: AsyncIterable<(string | null)[]>,
): Promise<number> {
  const types = await columnTypes(client, table.name);
  const { escapeIdentifier } = pg;
  const known = table.columns.flatMap((column, at) => {
    const type = types.get(column);
    return type === undefined ? [] : [{ name: escapeIdentifier(column), at, type }];
  });
  const names = known.map(({ name }) => name);
  const casts = known.map(({ type }, index) => `f${index}::${type}`);
  const parameters = names.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const fields = names.map((_, index) => `f${index}`).join(', ');
  const text = `insert into ${table.name} (${names.join(', ')}) overriding system value
    select ${casts.join(', ')} from unnest(${parameters}) as given (${fields})`;
  let count = 0;
  for await (const batch of batchesOf(rows, rowsMax)) {
    if (batch.some((row) => row.length !== table.columns.length))
      throw new Error(`a row of ${table.name} has too few fields`);
    await client.query(
      text,
      known.map(({ at }) => batch.map((row) => row[at])),
    );
    count += batch.length;
  }
  return count;
}

async function columnTypes(client: pg.Client, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
  const columns = z.array(z.object({ name: z.string(), type: z.string() })).parse(rows);
  return new Map(columns.map(({ name, type }) => [name, type]));
}
