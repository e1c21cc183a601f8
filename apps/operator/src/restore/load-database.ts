import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { migrationsOf } from '@kilas/installation/service-files.ts';
import type { ServiceName } from '@kilas/installation/service-names.ts';
import { migrationsTable } from '@kilas/platform/db/migrate.ts';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';
import pg from 'pg';
import { getConstructionPlans } from 'pg-boss';
import { z } from 'zod';
import type { DatabaseManifest, TableManifest } from '../backup/manifest.ts';
import { readCopyText } from './copy-text.ts';
import { insertRows } from './insert-rows.ts';

const migrations = 'public.migrations';

export interface LoadOptions {
  /** An empty database, as the role that is to own the tables. */
  readonly url: string;
  readonly name: ServiceName;
  readonly manifest: DatabaseManifest;
  /** Of the backup. */
  readonly folder: string;
  readonly stop: AbortSignal;
  readonly onProgress: (table: string, rows: number) => void;
  /** Told of what the backup holds and Kilas has no place for. */
  readonly onLeftOut: (what: string) => void;
}

/**
 * Makes the tables as they were, by the migrations that had run, and loads their rows, all in one transaction. The table that
 * says which migrations ran is missing afterwards: a service that starts ends with an error until `finishLoading`. Answers how many
 * tables were loaded.
 */
export async function loadDatabase(options: LoadOptions): Promise<number> {
  const { name, manifest } = options;
  const texts = await Promise.all(manifest.migrations.map((migration) => readMigration(name, migration)));
  return withClient(options.url, async (client) => {
    for (const text of texts) await client.query(text);
    if (manifest.jobsVersion !== null) await makeQueue(client, manifest.jobsVersion);
    await client.query('begin');
    const tables = await ourPart(client, options);
    const sorted = sortByReferences(tables, await listReferences(client));
    // What the migrations put there themselves; children first.
    for (const table of [...sorted].reverse()) await deleteRows(client, table.name);
    for (const table of sorted) {
      options.stop.throwIfAborted();
      // What triggers put there when other tables were loaded.
      await deleteRows(client, table.name);
      await loadTable(client, table, options);
    }
    const sequences = await listSequences(client);
    for (const { name: sequence, lastValue } of manifest.sequences) {
      if (!sequences.has(sequence)) continue;
      await client.query('select setval($1::regclass, $2::bigint)', [sequence, lastValue]);
    }
    // Deferred triggers judge here: those of the ledger see every entry.
    await client.query('commit');
    await client.query('analyze');
    return tables.length;
  });
}

/** Lets the service start on what was loaded. */
export async function finishLoading(options: LoadOptions): Promise<void> {
  const table = options.manifest.tables.find(({ name }) => name === migrations);
  if (table === undefined) throw new Error(`the backup of ${options.name} does not say which migrations ran`);
  await withClient(options.url, async (client) => {
    await client.query('begin');
    await client.query(migrationsTable);
    await loadTable(client, table, options);
    await client.query('commit');
  });
}

async function readMigration(service: ServiceName, migration: string): Promise<string> {
  try {
    return await readFile(new URL(migration, migrationsOf(service)), 'utf8');
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    throw new UserError(`The backup is of a newer Kilas: this one does not know ${service}'s migration ${migration}.`);
  }
}

/** The library makes the tables of its own version alone. */
async function makeQueue(client: pg.Client, version: number): Promise<void> {
  await client.query(getConstructionPlans('jobs'));
  const { rows } = await client.query('select version from jobs.version');
  const made = z.object({ version: z.number() }).parse(rows[0]).version;
  if (made === version) return;
  throw new UserError(
    `The backup's job queue has version ${version}, this Kilas makes ${made}: restore with the Kilas of the backup, then upgrade.`,
  );
}

/**
 * The tables and columns of the backup that the migrations made. Somebody else may have had tables in the database, and columns in ours: what
 * stands in them stays in the backup.
 */
async function ourPart(client: pg.Client, options: LoadOptions): Promise<TableManifest[]> {
  const columns = await listColumns(client);
  const tables = options.manifest.tables.filter(({ name }) => name !== migrations);
  return tables.flatMap((table) => {
    const known = columns.get(table.name);
    if (known === undefined) {
      options.onLeftOut(
        `${table.name} is not restored, since it is no table of Kilas: its rows lie in ${table.file.path}`,
      );
      return [];
    }
    const strange = table.columns.filter((column) => !known.has(column));
    if (strange.length > 0) {
      const what = strange.map((column) => `${table.name}.${column}`).join(', ');
      options.onLeftOut(`${what} is not restored, since it is no column of Kilas: it lies in ${table.file.path}`);
    }
    return [table];
  });
}

async function loadTable(client: pg.Client, table: TableManifest, options: LoadOptions): Promise<void> {
  const rows = readCopyText(path.join(options.folder, table.file.path));
  const count = await insertRows(client, table, rows);
  if (count !== table.rows) throw new Error(`${table.name} has ${count} rows in the backup instead of ${table.rows}`);
  options.onProgress(table.name, count);
}

/** Of all tables, named as a backup names them. */
async function listColumns(client: pg.Client): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { rows } = await client.query(
    `select n.nspname || '.' || c.relname as name, json_agg(a.attname) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped group by 1`,
  );
  const found = z.array(z.object({ name: z.string(), columns: z.array(z.string()) })).parse(rows);
  return new Map(found.map(({ name, columns }) => [name, new Set(columns)]));
}

async function listSequences(client: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query(`select format('%I.%I', schemaname, sequencename) as name from pg_sequences`);
  return new Set(
    z
      .array(z.object({ name: z.string() }))
      .parse(rows)
      .map(({ name }) => name),
  );
}

/** A ledger that refuses every deletion is empty, and is not asked. */
async function deleteRows(client: pg.Client, table: string): Promise<void> {
  const { rows } = await client.query(`select exists (select from ${table}) as "isFilled"`);
  if (z.object({ isFilled: z.boolean() }).parse(rows[0]).isFilled) await client.query(`delete from ${table}`);
}

/** For each table those that its foreign keys name. */
async function listReferences(client: pg.Client): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await client.query(
    `select format('%s.%s', n.nspname, c.relname) as name, json_agg(format('%s.%s', tn.nspname, t.relname)) as targets
     from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace
     where k.contype = 'f' group by 1`,
  );
  const found = z.array(z.object({ name: z.string(), targets: z.array(z.string()) })).parse(rows);
  return new Map(found.map(({ name, targets }) => [name, targets]));
}

/** A table comes after those that its rows refer to. */
function sortByReferences(
  tables: readonly TableManifest[],
  references: ReadonlyMap<string, readonly string[]>,
): TableManifest[] {
  const sorted = new Set<TableManifest>();
  const visit = (table: TableManifest) => {
    for (const target of references.get(table.name) ?? []) {
      const referred = tables.find(({ name }) => name === target);
      if (referred !== undefined && referred !== table && !sorted.has(referred)) visit(referred);
    }
    sorted.add(table);
  };
  for (const table of tables) visit(table);
  return [...sorted];
}

export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // What was running fails with it.
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
