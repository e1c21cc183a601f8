import pg from 'pg';

/** The rows that a database answers, asked on a connection of its own. */
export async function query<Row extends pg.QueryResultRow = Record<string, unknown>>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Several statements at once come without values.
    return (await client.query<Row>(text, values.length > 0 ? [...values] : undefined)).rows;
  } finally {
    await client.end();
  }
}
