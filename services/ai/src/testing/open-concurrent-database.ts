import { readdir, readFile } from 'node:fs/promises';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { FaceDatabase } from './open-face-database.ts';

const connectionCount = 12;

/** What pgvector does for us, in SQL: slow, but there where only plain PostgreSQL is. */
const vectorStandIn = `
  create domain vector as text;
  create function l2_distance(a text, b text) returns double precision language sql immutable as $$
    select sqrt(sum((x - y) ^ 2))
    from unnest(translate(a, '[]', '{}')::float8[], translate(b, '[]', '{}')::float8[]) as pair (x, y)
  $$;
  create function vector_dims(a text) returns integer language sql immutable as $$
    select cardinality(translate(a, '[]', '{}')::float8[])
  $$;
  create operator <-> (leftarg = text, rightarg = text, function = l2_distance);
  create function mean_of(vectors text[]) returns text language sql immutable as $$
    select '[' || string_agg(mean::text, ',' order by place) || ']' from (
      select place, avg(value) as mean
      from unnest(vectors) as vector, unnest(translate(vector, '[]', '{}')::float8[]) with ordinality as number (value, place)
      group by place
    ) numbers
  $$;
  create aggregate avg (text) (sfunc = array_append, stype = text[], finalfunc = mean_of, initcond = '{}');`;

/**
 * The tables of this service on a PostgreSQL server with many connections: PGlite has one, so that two transactions never
 * meet there, and pgvector for the server is not among the packages. For tests of locks and snapshots.
 */
export async function openConcurrentDatabase(): Promise<FaceDatabase> {
  const { url, drop } = await createTestDatabase();
  const db = openDatabase<AiSchema>({ url, poolSizeMax: connectionCount, onTrouble: () => {} });
  await sql.raw(vectorStandIn).execute(db);
  const folder = new URL('../db/migrations/', import.meta.url);
  for (const name of (await readdir(folder)).sort()) {
    const migration = await readFile(new URL(name, folder), 'utf8');
    const tables = migration.replace(/create extension[^;]*;/, '').replaceAll(/(vector|halfvec)[(]\d+[)]/g, 'vector');
    await sql.raw(tables).execute(db);
  }
  return {
    url,
    db,
    close: async () => {
      await db.destroy();
      await drop();
    },
  };
}
