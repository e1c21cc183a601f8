import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dumpDatabase } from '../backup/dump-database.ts';
import { readCopyText } from './copy-text.ts';
import { insertRows } from './insert-rows.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-copy-'));
const database = await createTestDatabase();
const client = new pg.Client({ connectionString: database.url });

beforeAll(async () => {
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
  await rm(folder, { recursive: true });
});

test('whatever a row holds comes back as it was, through a file and into another table', async () => {
  await client.query(`create table migrations (name text);
    create type mood as enum ('glad', 'sad');
    create table odd (
      id integer generated always as identity primary key,
      words text, bytes bytea, at timestamptz, lasts interval, real_number real, double_number double precision,
      data jsonb, list text[], numbers integer[], feeling mood, flag boolean, big bigint,
      twice integer generated always as (2) stored
    );
    insert into odd (words, bytes, at, lasts, real_number, double_number, data, list, numbers, feeling, flag, big) values
      (null, null, null, null, null, null, null, null, null, null, null, null),
      ('', '', '2026-01-01 00:00:00.123456+07', '1 day 2 hours', 0.1, 0.1, '{}', '{}', '{}', 'glad', true, 9223372036854775807),
      (E'tab\\tline\\nreturn\\rback\\\\slash\\b\\f\\v', '\\x00ff5c', '-infinity', '-1 month', 'NaN', '-Infinity',
        '{"a": "x\\ny\\\\z", "b": [null, 1.50]}', array['a,b', null, '"', 'NULL', '\\', ''], array[1, null], 'sad', false, -1),
      (E'\\\\N', '\\x0a', '0044-03-15 12:00:00+00 BC', '0', 1e-38, 4.9e-324, '"\\\\N"', null, null, null, null, 0),
      (U&'\\2028 and \\2029 and \\+01F600 and é', '\\x5c6e', 'epoch', null, 3.4028235e38, 1.7976931348623157e308, '[]', null, null, null, null, null)`);
  const manifest = await dumpDatabase({
    url: database.url,
    folder,
    name: 'odd',
    stop: new AbortController().signal,
    onProgress: () => {},
    onLeftOut: () => {},
  });
  const table = manifest.tables.find(({ name }) => name === 'public.odd');
  expect(table).toMatchObject({ rows: 5 });
  expect(table?.columns).not.toContain('twice');
  await client.query('create table even (like odd including all)');
  const count = await insertRows(
    client,
    { name: 'public.even', columns: table?.columns ?? [] },
    readCopyText(path.join(folder, table?.file.path ?? '')),
  );
  expect(count).toBe(5);
  const differences = await client.query('(table odd except table even) union all (table even except table odd)');
  expect(differences.rows).toEqual([]);
  expect((await client.query('select count(*)::int as count from even')).rows).toEqual([{ count: 5 }]);
});

test('a file that ends in the middle of a row is refused', async () => {
  const file = path.join(folder, 'torn.copy');
  await writeFile(file, '1\twhole\n2\tto');
  await expect(Array.fromAsync(readCopyText(file))).rejects.toThrow('middle of a row');
});
