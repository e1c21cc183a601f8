import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from './database.ts';
import { DatabaseAway } from './database-away.ts';

test('a server behind a socket whose file is not there is away', async () => {
  const url = `postgres://kilas@localhost/faces?host=${encodeURIComponent('/nowhere/at/all')}`;
  const db = openDatabase({ url, poolSizeMax: 1, onTrouble: () => {} });
  onTestFinished(() => db.destroy());
  await expect(sql`select 1`.execute(db)).rejects.toBeInstanceOf(DatabaseAway);
});
