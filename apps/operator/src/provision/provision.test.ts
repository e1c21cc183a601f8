import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { query } from '@kilas/testkit/query.ts';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';

const server = await startOwnPostgres();
const folder = await mkdtemp(join(tmpdir(), 'kilas-provision-'));
const file = join(folder, 'roles.env');
// The server of the tests has no pgvector, which the database of ai wants.
const services = ['user', 'photo', 'transaction', 'upload'];
const main = fileURLToPath(new URL('../main.ts', import.meta.url));

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

function provision(args: string[], env: Record<string, string> = {}) {
  const options = { env: { PATH: process.env.PATH, ...env }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'provision', ...args], options);
  return { status, stdout, stderr };
}

const roles = z.record(z.string(), z.string());
const addressOf = async (name: string) => roles.parse(parseEnv(await readFile(file, 'utf8')))[name] ?? '';
const at = (url: string, database: string) => Object.assign(new URL(url), { pathname: database }).href;
const state = async () => [
  await query(server.adminUrl('postgres'), 'select * from pg_authid order by oid'),
  await query(server.adminUrl('postgres'), 'select oid, datname, datdba, datacl from pg_database order by oid'),
  await query(server.adminUrl('kilas_photo'), 'select oid, nspname, nspowner, nspacl from pg_namespace order by oid'),
  await query(server.adminUrl('kilas_photo'), 'select * from pg_default_acl'),
];
const run = ['--passwords', file, '--services', services.join()];

test('databases and roles are made, their passwords kept in a file of our own and nowhere in the output', async () => {
  await writeFile(file, '# kept\nOTHER=1\n', { mode: 0o600 });
  const { status, stdout, stderr } = provision(run, { PROVISION_URL: server.adminUrl('postgres') });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const text = await readFile(file, 'utf8');
  expect(text).toMatch(/^# kept\nOTHER=1\nUSER_DATABASE_PASSWORD=\S{32}\nUSER_DATABASE_OWNER_PASSWORD=\S{32}\n/);
  for (const [name, value] of Object.entries(roles.parse(parseEnv(text)))) {
    if (name.endsWith('_PASSWORD')) expect(stdout).not.toContain(value);
  }
});

test('running it again changes nothing', async () => {
  const before = await state();
  const { status, stdout } = provision(run, { PROVISION_URL: server.adminUrl('postgres') });
  expect(status).toBe(0);
  expect(stdout).toContain('Everything was as it should be.');
  expect(await state()).toEqual(before);
});

test.each(['', '_OWNER'])('the role%s of a service reaches its own database alone', async (kind) => {
  const url = await addressOf(`PHOTO_DATABASE${kind}_URL`);
  expect(await query(url, 'select current_database() as name')).toEqual([{ name: 'kilas_photo' }]);
  for (const other of ['kilas_user', 'kilas_upload', 'kilas_transaction', 'postgres', 'template1']) {
    await expect(query(at(url, other), 'select 1')).rejects.toThrow(`permission denied for database "${other}"`);
  }
});

test('the role that a service runs as makes, changes and drops nothing; that of the owner does', async () => {
  const owner = await addressOf('PHOTO_DATABASE_OWNER_URL');
  const running = await addressOf('PHOTO_DATABASE_URL');
  await query(owner, 'create table trial (n int); create schema more; drop schema more');
  for (const statement of [
    'create table mine (n int)',
    'create temporary table mine (n int)',
    'create schema mine',
    'create function mine() returns int language sql return 1',
    'alter table trial add column m int',
    'drop table trial',
    'truncate trial',
    'create role mine',
    'create database mine',
    'select * from trial',
    `select pg_read_file('/etc/passwd')`,
  ]) {
    await expect(query(running, statement), statement).rejects.toThrow(/permission denied|must be owner/);
  }
  await expect(query(owner, 'create role mine')).rejects.toThrow('permission denied');
  await query(owner, 'drop table trial');
});

test('a password that was changed in the file is the new one', async () => {
  const fresh = 'a-password-of-the-operator';
  const env = { PROVISION_URL: server.adminUrl('postgres'), UPLOAD_DATABASE_PASSWORD: fresh };
  const { stdout } = provision(run, env);
  expect(stdout).toContain('changed the password of kilas_upload');
  expect(new URL(await addressOf('UPLOAD_DATABASE_URL')).password).toBe(fresh);
  expect(await query(await addressOf('UPLOAD_DATABASE_URL'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('tables of a service that had one role until now go to the owner', async () => {
  const admin = server.adminUrl('kilas_user');
  await query(admin, 'create table before (n int); alter table before owner to kilas_user');
  expect(provision(run, { PROVISION_URL: server.adminUrl('postgres') }).stdout).toContain('what kilas_user owned');
  expect(await query(admin, `select tableowner from pg_tables where tablename = 'before'`)).toEqual([
    { tableowner: 'kilas_user_owner' },
  ]);
  await query(admin, 'drop table before');
});

test('an exporter gets a role that sees what the server is busy with, and no table of anybody', async () => {
  const password = 'a-password-of-the-exporter';
  const env = { PROVISION_URL: server.adminUrl('postgres'), MONITOR_DATABASE_PASSWORD: password };
  expect(provision(run, env).stdout).toContain('made the role kilas_monitor');
  expect(provision(run, env).stdout).toContain('Everything was as it should be.');
  const url = Object.assign(new URL(server.adminUrl('postgres')), { username: 'kilas_monitor', password }).href;
  expect(
    await query(url, `select count(query) > 0 as sees from pg_stat_activity where usename <> current_user`),
  ).toEqual([{ sees: true }]);
  expect(await query(url, `select pg_database_size('kilas_photo') > 0 as sees`)).toEqual([{ sees: true }]);
  await expect(query(at(url, 'kilas_photo'), 'select 1')).rejects.toThrow('permission denied for database');
  await expect(query(url, 'create table mine (n int)')).rejects.toThrow('permission denied');
  const changed = { ...env, MONITOR_DATABASE_PASSWORD: 'another-password-of-it' };
  expect(provision(run, changed).stdout).toContain('changed the password of kilas_monitor');
});

test('passwords that nobody named are asked for by their names', () => {
  const { status, stderr } = provision(['--services', 'photo'], { PROVISION_URL: server.adminUrl('postgres') });
  expect(status).toBe(1);
  expect(stderr).toContain('Set PHOTO_DATABASE_OWNER_PASSWORD, PHOTO_DATABASE_PASSWORD, or name a file');
});

test('a file that others can read is refused', async () => {
  const open = join(folder, 'open.env');
  await writeFile(open, '');
  await chmod(open, 0o644);
  const { status, stderr } = provision(['--passwords', open], { PROVISION_URL: server.adminUrl('postgres') });
  expect(status).toBe(1);
  expect(stderr).toContain('can be read by others');
});

test.each([
  [['nonsense'], {}, 'There is no command'],
  [['provision'], {}, 'Name the server with PROVISION_URL'],
  [['provision', '--services', 'shop'], { PROVISION_URL: 'postgres://x@127.0.0.1/y' }, '"shop" is not a service'],
  [['provision', '--passwords'], {}, '--passwords <value>'],
])('%s is answered with a sentence', (args, env, sentence) => {
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], { env: { ...env }, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain('    at ');
});
