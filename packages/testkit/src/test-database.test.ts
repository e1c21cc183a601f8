import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase, createTestVectorDatabase, type TestDatabase } from './test-database.ts';

async function connectTo(database: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url });
  // A database that is dropped ends its connections.
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test('each test database is empty and shares nothing with another', async () => {
  const databases = await Promise.all([createTestDatabase(), createTestDatabase()]);
  for (const database of databases) {
    onTestFinished(database.drop);
    await (await connectTo(database)).query('create table photos (id int)');
  }
});

test('a test database is dropped while something is still connected to it', async () => {
  const database = await createTestDatabase();
  await connectTo(database);
  await database.drop();
  await expect(connectTo(database)).rejects.toThrow('does not exist');
});

test('a vector database has pgvector to offer', async () => {
  const database = await createTestVectorDatabase();
  onTestFinished(database.drop);
  const client = await connectTo(database);
  await client.query('create extension vector');
  expect((await client.query(`select '[1,0]'::vector <-> '[0,0]'::vector as distance`)).rows).toEqual([
    { distance: 1 },
  ]);
});
