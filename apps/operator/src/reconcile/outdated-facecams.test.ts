import { migrate } from '@kilas/platform/db/migrate.ts';
import { createTestVectorDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AiTables } from './ai.ts';
import { openForReading } from './database.ts';

const [member, enrolled, outdated, unknown] = ['1', '2', '3', '4'].map(
  (digit) => `${digit.repeat(8)}-0000-7000-8000-000000000000`,
);
let ai: AiTables;
let close: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestVectorDatabase();
  ai = new AiTables(openForReading(database.url));
  await migrate(ai.db, new URL('../../../../services/ai/src/db/migrations/', import.meta.url));
  close = async () => {
    await ai.db.destroy();
    await database.drop();
  };
});

afterAll(() => close?.());

test('a facecam whose template went with its pack is missing nowhere, until its member withdraws', async () => {
  await sql`insert into packs (pack_id, dimension) values ('p', 2)`.execute(ai.db);
  await sql`insert into erased_members (member_id) values (${member})`.execute(ai.db);
  await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, created_at)
    values (${enrolled}, ${member}, 1, 'p', '[1,0]', now())`.execute(ai.db);
  await sql`insert into outdated_facecams (facecam_id, member_id, consent_epoch)
    values (${outdated}, ${member}, 1)`.execute(ai.db);
  const ids = [enrolled, outdated, unknown].map(String);
  expect([...(await ai.listEnrolled(ids))].sort()).toEqual([enrolled, outdated]);
  await ai.eraseMember(String(member), 1);
  expect([...(await ai.listEnrolled(ids))]).toEqual([]);
});
