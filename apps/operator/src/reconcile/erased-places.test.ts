import { migrate } from '@kilas/platform/migrate.ts';
import { createTestVectorDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AiTables } from './ai.ts';
import { openForReading } from './database.ts';

const [member, other, photo, selfie] = ['1', '2', '3', '4'].map(
  (digit) => `${digit.repeat(8)}-0000-7000-8000-000000000000`,
);
const [theirs, elsewhere, shared] = ['5', '6', '7'].map((digit) => `${digit.repeat(8)}-0000-7000-8000-000000000000`);
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

test('whoever is erased is erased where a pack that is gone found them, and nobody else is', async () => {
  await sql`insert into packs (pack_id, dimension) values ('p', 2)`.execute(ai.db);
  await sql`insert into erased_members (member_id) values (${member}), (${other})`.execute(ai.db);
  await sql`insert into photo_recognitions (photo_id, creator_id, pack_id, face_count, processed_key, recognised_at)
    values (${photo}, ${selfie}, 'p', 3, '', now())`.execute(ai.db);
  for (const [faceId, left] of [
    [theirs, 0.1],
    [elsewhere, 0.4],
    [shared, 0.7],
  ]) {
    await sql`insert into faces (face_id, photo_id, creator_id, pack_id, embedding, box_left, box_top, box_width, box_height,
        score, eye_distance_px, sharpness, exposure, created_at)
      values (${faceId}, ${photo}, ${selfie}, 'p', '[1,0]', ${left}, 0.1, 0.2, 0.2, 1, 100, 1, 1, now())`.execute(
      ai.db,
    );
  }
  await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, created_at)
    values (${selfie}, ${other}, 1, 'p', '[1,0]', now())`.execute(ai.db);
  await sql`insert into face_matches (photo_id, member_id, pack_id, face_id, facecam_id, consent_epoch, distance)
    values (${photo}, ${other}, 'p', ${shared}, ${selfie}, 1, 0.2)`.execute(ai.db);
  const facesLeft = async () => {
    const { rows } = await sql<{ face_id: string }>`select face_id from faces order by face_id`.execute(ai.db);
    return rows.map(({ face_id }) => face_id);
  };
  const found = async (left: number, epoch: number) => {
    await sql`insert into face_places (photo_id, pack_id, member_id, consent_epoch, box_left, box_top, box_width, box_height)
      values (${photo}, 'p', ${member}, ${epoch}, ${left}, 0.11, 0.2, 0.2)`.execute(ai.db);
    await ai.eraseMember(String(member), 1);
  };
  await found(0.71, 1);
  expect(await facesLeft()).toEqual([theirs, elsewhere, shared]);
  await found(0.11, 1);
  expect(await facesLeft()).toEqual([elsewhere, shared]);
  await found(0.41, 2);
  expect(await facesLeft()).toEqual([elsewhere, shared]);
});
