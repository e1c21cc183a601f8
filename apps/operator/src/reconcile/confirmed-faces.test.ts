import { migrate } from '@kilas/platform/db/migrate.ts';
import { createTestDatabase, createTestVectorDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AiTables } from './ai.ts';
import { openForReading } from './database.ts';
import { PhotoTables } from './photo.ts';

const [member, photo, selfie, confirmed] = ['1', '2', '3', '4'].map(
  (digit) => `${digit.repeat(8)}-0000-7000-8000-000000000000`,
);
const later = new Date(Date.now() + 60_000);
let ai: AiTables;
let photos: PhotoTables;
let close: () => Promise<void>;

beforeAll(async () => {
  const [aiDatabase, photoDatabase] = [await createTestVectorDatabase(), await createTestDatabase()];
  ai = new AiTables(openForReading(aiDatabase.url));
  photos = new PhotoTables(openForReading(photoDatabase.url));
  const services = new URL('../../../../services/', import.meta.url);
  await migrate(ai.db, new URL('ai/src/db/migrations/', services));
  await migrate(photos.db, new URL('photo/src/db/migrations/', services));
  await sql`insert into packs (pack_id, dimension) values ('p', 2)`.execute(ai.db);
  await sql`insert into erased_members (member_id) values (${member})`.execute(ai.db);
  close = async () => {
    await ai.db.destroy();
    await photos.db.destroy();
    await aiDatabase.drop();
    await photoDatabase.drop();
  };
});

afterAll(() => close?.());

async function enrol(): Promise<void> {
  await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, source, photo_id, created_at)
    values (${selfie}, ${member}, 1, 'p', '[1,0]', 'selfie', null, now()),
      (${confirmed}, ${member}, 1, 'p', '[0,1]', 'confirmed', ${photo}, now())
    on conflict do nothing`.execute(ai.db);
}

async function idsOf(pages: AsyncIterable<readonly { id: string }[]>): Promise<string[]> {
  return (await Array.fromAsync(pages)).flat().map(({ id }) => id);
}

test('upload is asked after selfies alone, consents after all templates, photo after confirmed faces', async () => {
  await enrol();
  expect(await idsOf(ai.selfieTemplates(later))).toEqual([selfie]);
  expect(await idsOf(ai.templates(later))).toEqual([selfie, confirmed]);
  expect(await Array.fromAsync(ai.confirmedTemplates(later))).toEqual([
    [{ id: confirmed, memberId: member, photoId: photo }],
  ]);
});

test('a confirmed face goes with the selfie that found it', async () => {
  await enrol();
  await ai.deleteTemplates([selfie ?? '']);
  expect(await idsOf(ai.templates(later))).toEqual([]);
});

test('only a pair that the member confirmed bears a template', async () => {
  const pair = { photoId: photo ?? '', memberId: member ?? '' };
  await sql`insert into photos (photo_id, creator_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
      captured_at, uploaded_at)
    values (${photo}, ${selfie}, '', '', 0, 'shared', '', 0, 'jpeg', '', now(), now())`.execute(photos.db);
  await sql`insert into matches (photo_id, member_id, facecam_id, consent_epoch, distance, level, false_match_rate,
      box_left, box_top, box_width, box_height, found_at)
    values (${photo}, ${member}, ${selfie}, 1, 0.3, 9, 0, 0, 0, 1, 1, now())`.execute(photos.db);
  expect([...(await photos.listConfirmedPairs([pair]))]).toEqual([]);
  await sql`update matches set answer = 'confirmed'`.execute(photos.db);
  expect([...(await photos.listConfirmedPairs([pair]))]).toEqual([`${photo} ${member}`]);
});
