import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { advisoryLocks } from './advisory-locks.ts';
import { buildAlone, createIndex, IndexBuildEnded, type IndexProgress } from './build-index.ts';
import { openDatabase } from './database.ts';
import { asOwner, grantRights, roleOf } from './database-rights.ts';
import { migrate } from './migrate.ts';

const name = 'things_slow';

/** A table whose index is not built to its end before `hurry`. */
async function prepare() {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const db = openDatabase<unknown>({ url: database.url, poolSizeMax: 3, onTrouble: () => {} });
  onTestFinished(() => db.destroy());
  await sql`create table things (n int)`.execute(db);
  await sql`insert into things select generate_series(1, 100)`.execute(db);
  const gate = new pg.Client({ connectionString: database.url });
  await gate.connect();
  onTestFinished(() => gate.end());
  await gate.query('select pg_advisory_lock(1)');
  await sql`create function slow(n int) returns int immutable language plpgsql as $$
    begin perform pg_advisory_xact_lock_shared(1); return n; end $$`.execute(db);
  const isBuilding = async () => (await sql`select from pg_stat_progress_create_index`.execute(db)).rows.length > 0;
  const isHeld = async () => {
    const { rows } = await sql`select from pg_locks where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())
      and ((classid::bigint << 32) | objid::bigint) = ${advisoryLocks.indexBuild}`.execute(db);
    return rows.length > 0;
  };
  return {
    db,
    url: database.url,
    isHeld,
    untilBuilding: () => waitFor(isBuilding, { what: 'the index to be built' }),
    untilFree: () =>
      waitFor(async () => !(await isBuilding()) && !(await isHeld()), { what: 'the build to end', timeoutMs: 20_000 }),
    hurry: () => gate.query('select pg_advisory_unlock(1)'),
    isValid: async () => {
      const { rows } = await sql<{ valid: boolean }>`
        select indisvalid as valid from pg_index where indexrelid = to_regclass(${name})`.execute(db);
      return rows[0]?.valid;
    },
  };
}

function build(
  ownerUrl: string,
  options: { signal?: AbortSignal; onProgress?: (progress: IndexProgress) => void } = {},
) {
  return buildAlone({ ownerUrl, ...options }, async (session) => {
    await createIndex(session, {
      memoryMb: 64,
      drop: async () => void (await sql`drop index concurrently if exists ${sql.id(name)}`.execute(session)),
      create: async () =>
        void (await sql`create index concurrently ${sql.id(name)} on things (slow(n))`.execute(session)),
    });
    const { rows } = await sql<{ memory: string }>`select current_setting('maintenance_work_mem') as memory`.execute(
      session,
    );
    return rows[0]?.memory;
  });
}

/** What a replica does to a database before it is ready. */
async function startReplica(url: string, migrations: Record<string, string>): Promise<string[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [file, text] of Object.entries(migrations)) await writeFile(path.join(folder, file), text);
  return asOwner(url, async (owner) => {
    const applied = await migrate(owner, pathToFileURL(`${folder}/`));
    await grantRights(owner, { schema: 'public', role: await roleOf(owner) });
    return applied;
  });
}

test('a replica starts while another one builds an index, and a second build is left to the first', async () => {
  const { url, untilBuilding, isHeld, hurry, isValid } = await prepare();
  const phases: string[] = [];
  const first = build(url, { onProgress: ({ phase }) => phases.push(phase) });
  await untilBuilding();
  expect(await startReplica(url, { '0001-more.sql': 'create table more (n int);' })).toEqual(['0001-more.sql']);
  expect(await build(url)).toBeUndefined();
  expect(await isHeld()).toBe(true);
  await waitFor(() => phases.includes('building'), { what: 'the progress to be told' });
  await hurry();
  expect(await first).toBe('64MB');
  expect(await isValid()).toBe(true);
  expect(await isHeld()).toBe(false);
});

test('a builder that is killed leaves no lock, and the next one makes its index anew', async () => {
  const { url, untilBuilding, untilFree, hurry, isValid } = await prepare();
  const builder = startBuilder(url);
  await untilBuilding();
  builder.kill('SIGKILL');
  await once(builder, 'exit');
  await untilFree();
  expect(await isValid()).toBe(false);
  await hurry();
  expect(await build(url)).toBe('64MB');
  expect(await isValid()).toBe(true);
});

test('a build is given up when it is told to', async () => {
  const { url, untilBuilding, untilFree } = await prepare();
  const stop = new AbortController();
  const building = build(url, { signal: stop.signal });
  await untilBuilding();
  stop.abort();
  await expect(building).rejects.toThrow(IndexBuildEnded);
  await untilFree();
});

test('a build gives way to a migration of its table, so that no replica waits for hours', async () => {
  const { url, untilBuilding } = await prepare();
  const ended = expect(build(url)).rejects.toThrow(IndexBuildEnded);
  await untilBuilding();
  expect(await startReplica(url, { '0001-wider.sql': 'alter table things add column m int;' })).toEqual([
    '0001-wider.sql',
  ]);
  await ended;
});

test('a build waits for a transaction that began before it for as long as that takes', async () => {
  const { db, url, untilBuilding, hurry, isValid } = await prepare();
  await hurry();
  const before = await db.transaction().execute(async (tx) => {
    await sql`insert into things values (0)`.execute(tx);
    // The server's own limit would end the wait.
    const limited = new URL(url);
    limited.searchParams.set('options', '-c lock_timeout=100ms');
    const building = build(limited.href);
    await untilBuilding();
    await sql`select pg_sleep(1)`.execute(tx);
    return { building };
  });
  expect(await before.building).toBe('64MB');
  expect(await isValid()).toBe(true);
});

function startBuilder(url: string): ChildProcess {
  const module = new URL('./build-index.ts', import.meta.url).href;
  const script = `
    import { sql } from 'kysely';
    import { buildAlone } from ${JSON.stringify(module)};
    await buildAlone({ ownerUrl: ${JSON.stringify(url)} }, (session) =>
      sql\`create index concurrently ${name} on things (slow(n))\`.execute(session));`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, args, { stdio: 'inherit', cwd: import.meta.dirname });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
