import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { type EmbeddedPglite, type PgliteOptions, startPglite } from './start-pglite.ts';
import { runInOtherProcess } from './testing/other-process.ts';
import { newDataDir } from './testing/temp-folder.ts';

let inMemory: EmbeddedPglite;

beforeAll(async () => {
  inMemory = await startPglite();
});

afterAll(() => inMemory?.stop());

async function start(options: PgliteOptions): Promise<EmbeddedPglite> {
  const server = await startPglite(options);
  onTestFinished(server.stop);
  return server;
}

async function connectTo(server: EmbeddedPglite): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url });
  // The end of a server that a test kills is no error of the test.
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

async function serverOn(dataDir: string): Promise<ProcessIdentity> {
  const record = JSON.parse(await readFile(`${dataDir}.lock`, 'utf8')) as { server: ProcessIdentity };
  return record.server;
}

test('the nearest vectors are found, with an index as well', async () => {
  const client = await connectTo(inMemory);
  await client.query('create extension vector');
  await client.query('create table vectors (id int, embedding vector(3))');
  await client.query(`insert into vectors values (1, '[1,0,0]'), (2, '[0,1,0]'), (3, '[0.9,0.1,0]')`);
  const nearest = 'select id from vectors order by embedding <=> $1 limit 2';
  expect((await client.query(nearest, ['[1,0,0]'])).rows).toEqual([{ id: 1 }, { id: 3 }]);
  await client.query('create index on vectors using hnsw (embedding vector_cosine_ops)');
  await client.query('begin; set local enable_seqscan = off');
  expect((await client.query(nearest, ['[1,0,0]'])).rows).toEqual([{ id: 1 }, { id: 3 }]);
  await client.query('rollback');
});

test('a process that was restarted keeps its address and its rows, and has not ended', async () => {
  const dataDir = await newDataDir();
  const server = await start({ dataDir });
  let hasEnded = false;
  void server.ended.then(() => {
    hasEnded = true;
  });
  await (await connectTo(server)).query('create table faces (id int); insert into faces values (7)');
  const before = await serverOn(dataDir);
  await server.restart();
  expect((await (await connectTo(server)).query('select id from faces')).rows).toEqual([{ id: 7 }]);
  expect(await serverOn(dataDir)).not.toEqual(before);
  expect(hasEnded).toBe(false);
  await server.stop();
  await server.ended;
});

test('rows are still there after a stop and a second start', async () => {
  const dataDir = await newDataDir();
  const first = await start({ dataDir });
  await (await connectTo(first)).query('create table faces (id int); insert into faces values (7)');
  await first.stop();
  const client = await connectTo(await start({ dataDir }));
  expect((await client.query('select id from faces')).rows).toEqual([{ id: 7 }]);
});

test('no acknowledged row is lost when the process is killed', async () => {
  const dataDir = await newDataDir();
  const first = await start({ dataDir });
  const writer = await connectTo(first);
  await writer.query('create table faces (id int)');
  const server = await serverOn(dataDir);
  let acknowledged = 0;
  const killAt = 300;
  await expect(
    (async () => {
      for (;;) {
        await writer.query('insert into faces values ($1)', [acknowledged + 1]);
        acknowledged += 1;
        if (acknowledged === killAt) process.kill(server.pid, 'SIGKILL');
      }
    })(),
  ).rejects.toThrow();
  await first.stop();

  const reader = await connectTo(await start({ dataDir }));
  const found = await reader.query('select id from faces order by id');
  const ids = found.rows.map((row: { id: number }) => row.id);
  expect(acknowledged).toBeGreaterThanOrEqual(killAt);
  // The row under way at the kill may be there or not.
  expect(ids.slice(0, acknowledged)).toEqual(Array.from({ length: acknowledged }, (_, index) => index + 1));
  expect(ids.length).toBeLessThanOrEqual(acknowledged + 1);
});

test('the process ends by itself when its parent is killed, and the next start finds the rows', async () => {
  const dataDir = await newDataDir();
  const other = await runInOtherProcess(`
    const { startPglite } = await import(here + 'start-pglite.ts');
    console.log((await startPglite({ dataDir: ${JSON.stringify(dataDir)} })).url);
  `);
  const client = new pg.Client({ connectionString: other.said });
  client.on('error', () => {});
  await client.connect();
  await client.query('create table faces (id int); insert into faces values (7)');
  const orphan = await serverOn(dataDir);
  await other.kill();

  const server = await start({ dataDir });
  expect(identify(orphan.pid)).toBeUndefined();
  expect((await (await connectTo(server)).query('select id from faces')).rows).toEqual([{ id: 7 }]);
});

test('an orphan held up in a long statement is killed by the next start', async () => {
  const dataDir = await newDataDir();
  const other = await runInOtherProcess(`
    const { startPglite } = await import(here + 'start-pglite.ts');
    console.log((await startPglite({ dataDir: ${JSON.stringify(dataDir)} })).url);
  `);
  const orphan = await serverOn(dataDir);
  onTestFinished(async () => {
    await rm(socketFolderOf(other.said), { recursive: true, force: true });
    if (identify(orphan.pid)?.startedAt === orphan.startedAt) process.kill(orphan.pid, 'SIGKILL');
  });
  process.kill(orphan.pid, 'SIGSTOP');
  await other.kill();

  const server = await start({ dataDir });
  expect(identify(orphan.pid)).toBeUndefined();
  expect((await (await connectTo(server)).query('select 1 as one')).rows).toEqual([{ one: 1 }]);
}, 30_000);

test('a data folder that a live process uses is refused', async () => {
  const dataDir = await newDataDir();
  await start({ dataDir });
  await expect(start({ dataDir })).rejects.toThrow(`in use by process ${process.pid}`);
});

test('queries of several clients do not mix while a transaction makes them queue', async () => {
  const clients = await Promise.all([1, 2, 3, 4].map(() => connectTo(inMemory)));
  const [busy, ...others] = clients;
  if (busy === undefined) throw new Error('no client');
  const transactions = async () => {
    for (let round = 0; round < 50; round++) {
      await busy.query('begin');
      expect((await busy.query('select $1::int as round', [round])).rows).toEqual([{ round }]);
      await busy.query('commit');
    }
  };
  const queries = async (client: pg.Client, name: string) => {
    for (let round = 0; round < 50; round++) {
      const text = `${name} ${round}`;
      expect((await client.query(`select $1::text as ${name}`, [text])).rows).toEqual([{ [name]: text }]);
    }
  };
  await Promise.all([transactions(), ...others.map((client, index) => queries(client, `client${index}`))]);
});

test('a client waits for the transaction of another and sees only what it commits', async () => {
  const [one, two] = [await connectTo(inMemory), await connectTo(inMemory)];
  await one.query('create table commits (id int)');
  await one.query('begin');
  await one.query('insert into commits values (1)');
  const order: string[] = [];
  const count = two.query('select count(*)::int as count from commits').then((result) => {
    order.push('read');
    return result.rows;
  });
  await one.query('select 1');
  await one.query('rollback');
  order.push('rolled back');
  expect(await count).toEqual([{ count: 0 }]);
  expect(order).toEqual(['rolled back', 'read']);
});

test('a client that leaves in the middle of a transaction is rolled back and holds up nobody', async () => {
  const [leaving, staying] = [await connectTo(inMemory), await connectTo(inMemory)];
  await staying.query('create table departures (id int)');
  await leaving.query('begin');
  await leaving.query('insert into departures values (1)');
  const count = staying.query('select count(*)::int as count from departures');
  await leaving.end();
  expect((await count).rows).toEqual([{ count: 0 }]);
});

test('a client that leaves in the middle of a query with parameters holds up nobody', async () => {
  const staying = await connectTo(inMemory);
  const socket = connect(join(socketFolderOf(inMemory.url), '.s.PGSQL.5432'));
  onTestFinished(() => {
    socket.destroy();
  });
  socket.write(messageOf('Q', 'begin\0'));
  expect(await replyOn(socket)).toContain('BEGIN');
  // A Parse of a statement that fails, without the Sync after which PostgreSQL would listen again.
  socket.write(messageOf('P', '\0selec\0\0\0'));
  expect(await replyOn(socket)).toContain('syntax error');
  const answer = staying.query('select $1::int as one', [1]);
  socket.destroy();
  expect((await answer).rows).toEqual([{ one: 1 }]);
});

async function replyOn(socket: Socket): Promise<string> {
  const [reply] = (await once(socket, 'data')) as [Buffer];
  return reply.toString();
}

function messageOf(type: string, body: string): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(size.length + body.length);
  return Buffer.concat([Buffer.from(type), size, Buffer.from(body)]);
}

function socketFolderOf(url: string): string {
  return new URL(url).searchParams.get('host') ?? '';
}
