import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrationsOf } from '@kilas/installation/service-files.ts';
import { asOwner, grantRights } from '@kilas/platform/db/database-rights.ts';
import { migrate } from '@kilas/platform/db/migrate.ts';
import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { query } from '@kilas/testkit/query.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dumpDatabase } from '../backup/dump-database.ts';
import type { DatabaseManifest } from '../backup/manifest.ts';
import { emptyDatabase, isEmpty } from './empty-database.ts';
import { finishLoading, loadDatabase } from './load-database.ts';

const server = await startOwnPostgres();
const folder = await mkdtemp(path.join(tmpdir(), 'kilas-strange-tables-'));
const stop = new AbortController().signal;
const leftOut: string[] = [];
let manifest: DatabaseManifest;

/** A database of user, in which an administrator and whoever had the owner's password kept things of their own. */
beforeAll(async () => {
  await server.createDatabase('lived');
  await asOwner(server.url('lived'), (db) => migrate(db, migrationsOf('user')));
  await query(
    server.url('lived'),
    `insert into accounts (id, email, username, password_hash, locale, created_at)
       select gen_random_uuid(), n || '@kilas.test', 'person_' || n, '', 'en', now() from generate_series(1, 3) n;
     create table "a / b" (id serial primary key, "Note" text);
     insert into "a / b" ("Note") values (E'tab\\t'), (null);
     create schema aside; create table aside.accounts (like accounts); insert into aside.accounts select * from accounts;
     alter table accounts add column nickname text; update accounts set nickname = 'Nick'`,
  );
  await query(
    server.adminUrl('lived'),
    `create table notes (text text); insert into notes values ('for me alone');
     create function note() returns int language sql as 'select 1'`,
  );
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

test('a backup is made although somebody else closed a table of theirs, and it says what it leaves out', async () => {
  await mkdir(path.join(folder, 'user'));
  const common = { folder, name: 'user', stop, onProgress: () => {} };
  manifest = await dumpDatabase({
    ...common,
    url: server.url('lived'),
    onLeftOut: (what) => leftOut.push(what),
  });
  expect(leftOut).toEqual([expect.stringContaining('public.notes')]);
  expect(manifest.tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['public.accounts', 'public.a / b', 'aside.accounts']),
  );
});

test('what is not ours stays in the backup, and the rest of it is restored', async () => {
  await server.createDatabase('restored');
  const said: string[] = [];
  const options = {
    ...{ url: server.url('restored'), name: 'user' as const, manifest, folder, stop },
    ...{ onProgress: () => {}, onLeftOut: (what: string) => said.push(what) },
  };
  await loadDatabase(options);
  await finishLoading(options);
  expect(said.map((what) => what.split(' is not ')[0]).sort()).toEqual([
    'aside.accounts',
    'public.a / b',
    'public.accounts.nickname',
  ]);
  const accounts = 'select id, email, username, created_at from accounts order by id';
  expect(await query(server.url('restored'), accounts)).toEqual(await query(server.url('lived'), accounts));
  await asOwner(server.url('restored'), async (db) => expect(await migrate(db, migrationsOf('user'))).toEqual([]));
});

test("a service's role gets its rights beside tables and functions of others", async () => {
  await query(server.adminUrl('lived'), 'create role reader login');
  await asOwner(server.url('lived'), (db) => grantRights(db, { schema: 'public', role: 'reader' }));
  const rights = `select has_table_privilege('reader', 'accounts', 'insert') as own, has_table_privilege('reader', 'notes', 'select') as other`;
  expect(await query(server.url('lived'), rights)).toEqual([{ own: true, other: false }]);
});

test('a database is emptied of what is ours; what belongs to another role is left to them', async () => {
  expect(await isEmpty(server.url('lived'))).toBe(false);
  await emptyDatabase(server.url('lived'));
  expect(await isEmpty(server.url('lived'))).toBe(true);
  expect(await query(server.adminUrl('lived'), 'select text, note() from notes')).toEqual([
    { text: 'for me alone', note: 1 },
  ]);
});
