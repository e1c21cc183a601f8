import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { query } from '@kilas/testkit/query.ts';
import { expect, onTestFinished, test } from 'vitest';
import { identify, waitForEnd } from './process-identity.ts';
import { type EmbeddedPostgres, type PostgresOptions, startPostgres } from './start-postgres.ts';
import { stopOrphanPostgres } from './stop-orphan-postgres.ts';
import { type OtherProcess, runInOtherProcess } from './testing/other-process.ts';
import { newDataDir } from './testing/temp-folder.ts';

async function start(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ durable: false, ...options });
  onTestFinished(server.stop);
  return server;
}

function startElsewhere(dataDir: string): Promise<OtherProcess> {
  // Runs after the other process was killed: tests end in the reverse order of their registrations.
  onTestFinished(() => stopOrphanPostgres(dataDir, () => {}));
  return runInOtherProcess(`
    const { startPostgres } = await import(here + 'start-postgres.ts');
    const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false });
    await server.createDatabase('photo');
    console.log(server.url('photo'));
    process.on('SIGINT', () => {});
  `);
}

async function serverPid(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

test('rows are still there after a stop and a second start', async () => {
  const dataDir = await newDataDir();
  const first = await start({ dataDir });
  await first.createDatabase('photo');
  await query(first.url('photo'), `create table photos (id int); insert into photos values (7)`);
  await first.stop();

  const second = await start({ dataDir });
  await second.createDatabase('photo');
  expect(await query(second.url('photo'), 'select id from photos')).toEqual([{ id: 7 }]);
});

test('a server that was restarted keeps its port and its rows, and has not ended', async () => {
  const server = await start({ dataDir: await newDataDir() });
  let hasEnded = false;
  void server.ended.then(() => {
    hasEnded = true;
  });
  await server.createDatabase('photo');
  await query(server.url('photo'), `create table photos (id int); insert into photos values (7)`);
  const before = await query(server.url('photo'), 'select pg_postmaster_start_time()');
  await server.restart();
  expect(await query(server.url('photo'), 'select id from photos')).toEqual([{ id: 7 }]);
  expect(await query(server.url('photo'), 'select pg_postmaster_start_time()')).not.toEqual(before);
  expect(hasEnded).toBe(false);
  await server.stop();
  await server.ended;
});

test('text is UTF-8 and sorts the same on every system', async () => {
  const server = await start({ dataDir: await newDataDir() });
  expect(
    await query(
      server.url('postgres'),
      `select upper('é') as upper, 'a' < 'B' as by_language, current_setting('TimeZone') as zone`,
    ),
  ).toEqual([{ upper: 'É', by_language: false, zone: 'UTC' }]);
});

test('a server left behind by a killed process is stopped, and its rows are kept', async () => {
  const dataDir = await newDataDir();
  const other = await startElsewhere(dataDir);
  await query(other.said, 'create table photos (id int); insert into photos values (7)');
  const orphan = identify(await serverPid(dataDir));
  await other.kill();
  expect(orphan && identify(orphan.pid)).toEqual(orphan);

  const server = await start({ dataDir });
  expect(await query(server.url('photo'), 'select id from photos')).toEqual([{ id: 7 }]);
  expect(orphan && identify(orphan.pid)).toBeUndefined();
});

test('a data folder that a live process uses is refused to another', async () => {
  const dataDir = await newDataDir();
  const other = await startElsewhere(dataDir);
  await expect(start({ dataDir })).rejects.toThrow(`in use by process ${other.pid}`);
  expect(await query(other.said, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a data folder in use is refused to the process that uses it', async () => {
  const dataDir = await newDataDir();
  await start({ dataDir });
  await expect(start({ dataDir })).rejects.toThrow(`in use by process ${process.pid}`);
});

test('a killed server recovers its rows, and the pid file it left does not block', async () => {
  const dataDir = await newDataDir();
  const first = await start({ dataDir, durable: true });
  await first.createDatabase('photo');
  await query(first.url('photo'), 'create table photos (id int); insert into photos values (7)');
  const killed = identify(await serverPid(dataDir));
  if (killed === undefined) throw new Error('the server does not run');
  process.kill(killed.pid, 'SIGKILL');
  await waitForEnd(killed, 10_000);
  await first.stop();

  const second = await start({ dataDir });
  expect(await query(second.url('photo'), 'select id from photos')).toEqual([{ id: 7 }]);
});

test('a pid file whose number was given to another process does not block, and that process lives on', async () => {
  const dataDir = await newDataDir();
  await (await start({ dataDir })).stop();
  await writeFile(join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n`);
  const server = await start({ dataDir });
  expect(await query(server.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('Ctrl-C in the terminal leaves the server to the process that drains', async () => {
  const dataDir = await newDataDir();
  const other = await startElsewhere(dataDir);
  process.kill(-other.pid, 'SIGINT');
  expect(await query(other.said, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('the server ends when its process exits without stopping it', async () => {
  const dataDir = await newDataDir();
  onTestFinished(() => stopOrphanPostgres(dataDir, () => {}));
  const other = await runInOtherProcess(`
    const { startPostgres } = await import(here + 'start-postgres.ts');
    await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false });
    process.on('SIGTERM', () => process.exit());
    console.log('started');
  `);
  const server = identify(await serverPid(dataDir));
  if (server === undefined) throw new Error('the server does not run');
  process.kill(other.pid, 'SIGTERM');
  expect(await waitForEnd(server, 10_000)).toBe(true);
});

test('services own their databases and are no superusers', async () => {
  const server = await start({ dataDir: await newDataDir() });
  await server.createDatabase('photo');
  await query(server.url('photo'), 'create extension pg_trgm; create table photos (id int)');
  await expect(query(server.url('photo'), `select pg_read_file('/etc/passwd')`)).rejects.toThrow('permission denied');
  await expect(query(server.url('photo'), `copy (select 1) to program 'true'`)).rejects.toThrow('permission denied');
});

test('nobody logs in without the password', async () => {
  const server = await start({ dataDir: await newDataDir() });
  const url = new URL(server.url('postgres'));
  url.password = 'guess';
  await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed');
});

test('a port that is taken is named', async () => {
  const { port } = await start({ dataDir: await newDataDir() });
  await expect(start({ dataDir: await newDataDir(), port })).rejects.toThrow(`port ${port} is taken`);
});

test('a folder with other files in it is refused and left as it is', async () => {
  const dataDir = await newDataDir();
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'holiday.jpg'), '');
  await expect(start({ dataDir })).rejects.toThrow('neither empty nor a data folder of PostgreSQL');
  expect(await readdir(dataDir)).toEqual(['holiday.jpg']);
});
