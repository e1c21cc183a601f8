import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../db/database.ts';
import { holderOn, menderOn } from './holdings.ts';

interface Schema {
  things: { thing_id: string; owner_id: string; made_at: Date | null };
}

const database = await createTestDatabase();
const db = openDatabase<Schema>({ url: database.url, poolSizeMax: 1, onTrouble: () => {} });
const before = new Date('2026-01-02T00:00:00Z');
const hold = holderOn(db, before);
const idOf = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const owner = idOf(9_999);

beforeAll(async () => {
  await sql`create table things (thing_id uuid primary key, owner_id uuid not null, made_at timestamptz)`.execute(db);
  await sql`insert into things select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ${owner}, '2026-01-01'
    from generate_series(1, 1200) n`.execute(db);
  await sql`insert into things values (${idOf(2_000)}, ${owner}, '2026-01-03'), (${idOf(2_001)}, ${owner}, null)`.execute(
    db,
  );
});

afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const things = db.selectFrom('things').select(['thing_id as id', 'owner_id as ownerId', 'made_at as madeAt']);

test('all rows are on the pages once and in order, but those that are young or have no time', async () => {
  const rows = (await Array.fromAsync(hold(things, { since: 'madeAt' }).pages())).flat();
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 1_200 }, (_, at) => idOf(at + 1)));
});

test('a row is found by its key however young it is', async () => {
  const found = await hold(things, { since: 'madeAt' }).find([idOf(1), idOf(2_000), idOf(3_000)]);
  expect([...found.keys()].sort()).toEqual([idOf(1), idOf(2_000)]);
});

test('of a key of two columns both tell rows apart', async () => {
  const pairs = hold(things, { key: ['ownerId', 'id'] });
  expect((await Array.fromAsync(pairs.pages())).flat()).toHaveLength(1_202);
  const found = await pairs.find([`${owner} ${idOf(7)}`, `${idOf(7)} ${owner}`]);
  expect([...found.keys()]).toEqual([`${owner} ${idOf(7)}`]);
});

test('what was mended stays mended when the next one fails', async () => {
  const remove = menderOn(db)<string>(async (tx, id) => {
    await tx.deleteFrom('things').where('thing_id', '=', id).execute();
    if (id === idOf(2)) throw new Error('the second one fails');
  });
  await expect(remove([idOf(1), idOf(2)])).rejects.toThrow('the second one fails');
  expect([...(await hold(things).find([idOf(1), idOf(2)])).keys()]).toEqual([idOf(2)]);
});
