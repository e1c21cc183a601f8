import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { hasTimeouts, setRoleTimeouts } from './role-timeouts.ts';

const server = await startOwnPostgres();
await server.createDatabase('one');
await server.createDatabase('other');
afterAll(() => server.stop());

const timeouts = { statement_timeout: 7_000, lock_timeout: 3_000, idle_in_transaction_session_timeout: 9_000 };

/** A new session each; pooled ones name no timeouts. */
function open(database: string, options: { isPooled?: boolean; statementTimeoutMs?: number } = {}) {
  return openDatabase<unknown>({ url: server.url(database), poolSizeMax: 1, onTrouble: () => {}, ...options });
}

async function shown(database: string, options: Parameters<typeof open>[1]): Promise<string | undefined> {
  const db = open(database, options);
  const { rows } = await sql<{ shown: string }>`select current_setting('statement_timeout') as shown`.execute(db);
  await db.destroy();
  return rows[0]?.shown;
}

test('a session that names no timeouts has those of its role, however many set them at once', async () => {
  const [before, ...several] = Array.from({ length: 5 }, () => open('one', { isPooled: true }));
  expect(before && (await hasTimeouts(before, timeouts))).toBe(false);
  await Promise.all(several.map((db) => setRoleTimeouts(db, timeouts)));
  // Theirs began before.
  expect(before && (await hasTimeouts(before, timeouts))).toBe(false);
  await Promise.all([before, ...several].map((db) => db?.destroy()));
  expect(await shown('one', { isPooled: true })).toBe('7s');
  expect(await shown('other', { isPooled: true })).toBe('0');
});

test('a session that names its own has them: also none at all', async () => {
  expect(await shown('one', { statementTimeoutMs: 5_000 })).toBe('5s');
  expect(await shown('one', { statementTimeoutMs: 0 })).toBe('0');
});

test('timeouts that change are those of the sessions that begin then', async () => {
  const db = open('one', { isPooled: true });
  await setRoleTimeouts(db, { ...timeouts, statement_timeout: 8_000 });
  await db.destroy();
  expect(await shown('one', { isPooled: true })).toBe('8s');
});
