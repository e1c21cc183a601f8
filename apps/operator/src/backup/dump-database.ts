import path from 'node:path';
import type { Readable } from 'node:stream';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import { writeHashed } from './hashed-file.ts';
import type { DatabaseManifest, TableManifest } from './manifest.ts';

/** Pages of 8 KiB that one COPY reads: PGlite holds all that a statement answers in memory. */
const pagesPerCopy = 4096;

/** Statistics and notes of the job queue, which makes them anew. */
const passedOver = new Set(['jobs.queue_stats', 'jobs.warning', 'jobs.bam']);

const tableRow = z.object({
  name: z.string(),
  /** Those that hold the rows: the table itself, or its partitions. */
  parts: z.array(z.object({ name: z.string(), pages: z.number().int() })),
  columns: z.array(z.string()),
  isReadable: z.boolean(),
});

type Table = z.output<typeof tableRow>;

export interface DumpOptions {
  readonly url: string;
  /** Of the backup. */
  readonly folder: string;
  /** Below it; the service's name. */
  readonly name: string;
  readonly stop: AbortSignal;
  readonly onProgress: (table: string, rows: number) => void;
  /** Told of what is not in the backup, and why. */
  readonly onLeftOut: (what: string) => void;
}

/**
 * Writes the rows of all tables of a database to files, as one moment saw them (REPEATABLE READ), in the text format of
 * COPY. Services go on working on it meanwhile; on PGlite, which has one session, they wait.
 */
export async function dumpDatabase(options: DumpOptions): Promise<DatabaseManifest> {
  const client = new pg.Client({ connectionString: options.url });
  // What was running fails with it.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    // However the server is set: these decide how values are written down.
    for (const setting of [
      "timezone = 'UTC'",
      "datestyle = 'ISO'",
      "intervalstyle = 'postgres'",
      'extra_float_digits = 1',
    ])
      await client.query(`set local ${setting}`);
    await client.query('set local statement_timeout = 0');
    const takenAt = new Date().toISOString();
    const tables = await listTables(client);
    const dumped: TableManifest[] = [];
    for (const table of tables) {
      if (table.isReadable) dumped.push(await dumpTable(client, table, options));
      else options.onLeftOut(`${table.name} is left out: it belongs to another role, which lets nobody read it`);
    }
    const manifest = {
      takenAt,
      serverVersion: z.string().parse((await rowsOf(client, 'show server_version'))[0]?.server_version),
      migrations: await listMigrations(client),
      jobsVersion: await findJobsVersion(client, tables),
      tables: dumped,
      sequences: await listSequences(client),
    };
    await client.query('commit');
    return manifest;
  } finally {
    await client.end();
  }
}

/**
 * In the order of their names; what an extension brought is not ours. Empty partitions are listed too. A table that somebody else made and closed
 * cannot be read; one of ours that cannot be read is an error.
 */
async function listTables(client: pg.Client): Promise<Table[]> {
  const rows = await rowsOf(
    client,
    `select n.nspname || '.' || root.relname as name,
       (select json_agg(json_build_object('name', part.oid::regclass::text,
            'pages', (pg_relation_size(part.oid) / current_setting('block_size')::int)::int) order by part.relname)
          from pg_class part where part.relkind = 'r'
            and (part.oid = root.oid or part.oid in (select relid from pg_partition_tree(root.oid)))) as parts,
       (select json_agg(a.attname order by a.attnum) from pg_attribute a
          where a.attrelid = root.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       pg_has_role(root.relowner, 'usage') or root.relowner = owner.oid or has_table_privilege(root.oid, 'select') as "isReadable"
     from pg_class root join pg_namespace n on n.oid = root.relnamespace
       join pg_roles owner on owner.oid = (select relowner from pg_class where oid = 'public.migrations'::regclass)
     where root.relkind in ('r', 'p') and not root.relispartition and root.relpersistence = 'p'
       and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
       and not exists (select from pg_depend d where d.objid = root.oid and d.deptype = 'e')
     order by 1`,
  );
  return z
    .array(tableRow)
    .parse(rows)
    .filter(({ name }) => !passedOver.has(name));
}

async function dumpTable(client: pg.Client, table: Table, options: DumpOptions): Promise<TableManifest> {
  // Somebody else's table may be called anything.
  const file = path.join(options.name, `${encodeURIComponent(table.name)}.copy`);
  const written = await writeHashed(path.join(options.folder, file), copies(client, table, options.stop));
  options.onProgress(table.name, written.lineCount);
  const { sizeBytes, sha256, lineCount: rows } = written;
  return { name: table.name, columns: table.columns, rows, file: { path: file, sizeBytes, sha256 } };
}

/** COPY puts each row on one line, with line breaks in values escaped. */
async function* copies(client: pg.Client, table: Table, stop: AbortSignal): AsyncGenerator<Readable> {
  const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ');
  for (const part of table.parts) {
    for (let page = 0; page < Math.max(1, part.pages); page += pagesPerCopy) {
      stop.throwIfAborted();
      const isLast = page + pagesPerCopy >= part.pages;
      const range = `ctid >= '(${page},0)'${isLast ? '' : ` and ctid < '(${page + pagesPerCopy},0)'`}`;
      yield client.query(copyTo(`copy (select ${columns} from ${part.name} where ${range}) to stdout`));
    }
  }
}

async function listMigrations(client: pg.Client): Promise<string[]> {
  const rows = await rowsOf(client, 'select name from public.migrations order by name');
  return rows.map((row) => z.string().parse(row.name));
}

async function findJobsVersion(client: pg.Client, tables: readonly Table[]): Promise<number | null> {
  if (!tables.some(({ name }) => name === 'jobs.version')) return null;
  const rows = await rowsOf(client, 'select version from jobs.version');
  return z.number().parse(rows[0]?.version);
}

/** Those that gave a number. */
async function listSequences(client: pg.Client): Promise<DatabaseManifest['sequences']> {
  const rows = await rowsOf(
    client,
    `select format('%I.%I', schemaname, sequencename) as name, last_value::text as "lastValue"
     from pg_sequences where last_value is not null order by 1`,
  );
  return z.array(z.object({ name: z.string(), lastValue: z.string() })).parse(rows);
}

async function rowsOf(client: pg.Client, text: string): Promise<Record<string, unknown>[]> {
  return (await client.query<Record<string, unknown>>(text)).rows;
}
