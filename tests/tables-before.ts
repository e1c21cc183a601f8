import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { migrate } from '@kilas/platform/db/migrate.ts';
import pg from 'pg';

/** The last migrations of the version before, of those services whose tables have changed since. */
export const lastBefore = { ai: '0007', photo: '0004', upload: '0004' } as const;

type ChangedService = keyof typeof lastBefore;

/**
 * Makes the tables of a service as the version before left them: by its migrations alone, with the rows of now by the columns that it
 * knew. No process of the service runs meanwhile. What later migrations added is gone, and they will run again.
 */
export async function takeTablesBack(service: ChangedService, url: string): Promise<void> {
  await runSql(url, [
    'alter schema public rename to today',
    'create schema public',
    // Columns of its type go on meaning it.
    ...(service === 'ai' ? ['alter extension vector set schema public'] : []),
  ]);
  await migrateBefore(service, url);
  await runSql(url, await copiesOf(url));
  await runSql(url, ['drop schema today cascade']);
}

async function migrateBefore(service: ChangedService, url: string): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-migrations-'));
  const all = new URL(`../services/${service}/src/db/migrations/`, import.meta.url);
  const db = openDatabase<object>({ url, poolSizeMax: 1, onTrouble: () => {} });
  try {
    for (const name of await readdir(all)) {
      if (name.slice(0, 4) <= lastBefore[service]) await cp(new URL(name, all), path.join(folder, name));
    }
    await migrate(db, pathToFileURL(`${folder}/`));
  } finally {
    await db.destroy();
    await rm(folder, { recursive: true });
  }
}

/** A table before those that name its rows: packs came later than the tables that do. */
async function copiesOf(url: string): Promise<string[]> {
  const { rows } = await query(
    url,
    `select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     group by c.oid, c.relname order by c.relname <> 'packs', c.oid`,
  );
  return rows.map(
    ({ name, columns }) => `insert into public.${name} (${columns}) select ${columns} from today.${name}`,
  );
}

/** Of all rows, on a connection of its own. */
export async function query(url: string, sql: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql, [...values]);
  } finally {
    await client.end();
  }
}

async function runSql(url: string, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await query(url, statement);
}
