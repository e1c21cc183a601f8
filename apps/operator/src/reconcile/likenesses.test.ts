import { migrate } from '@kilas/platform/db/migrate.ts';
import { createTestVectorDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AiTables } from './ai.ts';
import { openForReading } from './database.ts';

const [member, older, newest] = ['1', '2', '3'].map((digit) => `${digit.repeat(8)}-0000-7000-8000-000000000000`);
let ai: AiTables;
let close: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestVectorDatabase();
  ai = new AiTables(openForReading(database.url));
  await migrate(ai.db, new URL('../../../../services/ai/src/db/migrations/', import.meta.url));
  await sql`insert into packs (pack_id, dimension) values ('p', 2)`.execute(ai.db);
  await sql`insert into erased_members (member_id) values (${member})`.execute(ai.db);
  close = async () => {
    await ai.db.destroy();
    await database.drop();
  };
});

beforeEach(async () => {
  for (const table of ['templates', 'photo_recognitions', 'typical_faces'])
    await sql`delete from ${sql.table(table)}`.execute(ai.db);
  await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, is_lead, likeness, created_at)
    values (${older}, ${member}, 1, 'p', '[1,0]', false, null, now()),
      (${newest}, ${member}, 2, 'p', '[0,1]', true, '[0.7,0.7]', now())`.execute(ai.db);
});

afterAll(() => close?.());

async function templates() {
  const { rows } = await sql<{ id: string; isLead: boolean; likeness: string | null }>`
    select facecam_id as id, is_lead as "isLead", likeness::text from templates order by 1`.execute(ai.db);
  return rows;
}

test('no likeness outlives a selfie that it was made of, and the one that is left is searched by itself', async () => {
  await ai.deleteTemplates([older ?? '']);
  expect(await templates()).toEqual([{ id: newest, isLead: true, likeness: null }]);
});

test('without the facecam that led the member is searched by the other one', async () => {
  await ai.eraseTemplates([newest ?? '']);
  expect(await templates()).toEqual([{ id: older, isLead: true, likeness: null }]);
});
