import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { exactTime, exactTimeText, nearestShown, shownNumber, shownReal } from './stored-time.ts';

const database = await createTestDatabase();
const db = openDatabase<unknown>({ url: database.url, poolSizeMax: 2, onTrouble: () => {} });
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const odd = [
  '-infinity',
  '4713-11-25 00:00:00+00 BC',
  '0045-02-29 12:00:00+00 BC',
  '0001-01-01 00:00:00+00',
  '1899-12-31 23:59:59.999999+07:07:12',
  '2026-05-01 07:30:00.123456+07',
  '2026-05-01 07:30:00.123457+07',
  '9999-12-31 23:59:59.9999+00',
  '10000-01-01 00:00:00+00',
  '294000-06-01 00:00:00+00',
  '294276-12-31 23:59:59+00',
  'infinity',
];

test('a time of any year, and infinity, is read as one that ISO 8601 writes with four digits', async () => {
  for (const text of odd) {
    const { rows } = await sql<{ at: Date }>`select ${text}::timestamptz as at`.execute(db);
    expect(rows[0]?.at.toISOString(), text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  }
});

test('a list by time is read page by page without a row twice and none left out, however odd its times', async () => {
  const values = sql.join(odd.map((text, id) => sql`(${text}::timestamptz, ${id}::int)`));
  const read: number[] = [];
  for (let before: string | undefined; ; ) {
    const isBefore = before === undefined ? sql`true` : sql`at < ${exactTimeText.parse(before)}`;
    const { rows } = await sql<{ at: Date; id: number }>`
      select at, id from (values ${values}) as things (at, id) where ${isBefore} order by at desc limit 1`.execute(db);
    const [row] = rows;
    if (row === undefined) break;
    read.push(row.id);
    before = exactTime(row.at);
    expect(read.length).toBeLessThanOrEqual(odd.length);
  }
  expect(read).toEqual(odd.map((_, id) => id).reverse());
});

test('a cursor holds no time that the database would refuse', async () => {
  const refused = ['', 'now', 'today', '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01T24:00:00Z'];
  refused.push(
    '0000-01-01T00:00:00Z',
    '999999-01-01T00:00:00Z',
    '2026-01-01T00:00:00+99',
    "2026-01-01'--",
    '2026-01-01',
  );
  for (const text of refused) expect(exactTimeText.safeParse(text).success, text).toBe(false);
  for (const text of ['2024-02-29T00:00:00.000Z', '2026-05-01 00:00:00.1+05:45', '0005-02-29 00:00:00+00 BC']) {
    expect(exactTimeText.safeParse(text).success, text).toBe(true);
    await sql`select ${text}::timestamptz`.execute(db);
  }
});

test('numbers that JSON does not carry are shown as the nearest that it does', () => {
  expect(shownNumber(9_223_372_036_854_775_807n)).toBe(Number.MAX_SAFE_INTEGER);
  expect(shownNumber(-9_223_372_036_854_775_808n)).toBe(-Number.MAX_SAFE_INTEGER);
  expect(shownNumber(25_000n)).toBe(25_000);
  expect([Number.NaN, Number.POSITIVE_INFINITY, null, 0.25].map(shownReal)).toEqual([null, null, null, 0.25]);
  expect(nearestShown(new Date('+010000-01-01T00:00:00Z')).toISOString()).toBe('9999-12-31T23:59:59.999Z');
});
