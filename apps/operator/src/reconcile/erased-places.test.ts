import { migrate } from '@kilas/platform/db/migrate.ts';
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

test('whoever is erased is cut off from where a pack that is gone found them, and from what they are found by now; ai erases that, if nobody holds it', async () => {
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
  const cutOff = async () => {
    const { rows } = await sql<{ box_left: number; days: number }>`
      select box_left, extract(epoch from erase_at - now()) / 86400 as days from cut_off_places order by box_left`.execute(
      ai.db,
    );
    for (const { days } of rows) {
      expect(Number(days)).toBeGreaterThan(7);
      expect(Number(days)).toBeLessThanOrEqual(7 + 1 / 24);
    }
    return rows.map(({ box_left }) => box_left);
  };
  const found = async (left: number, epoch: number) => {
    await sql`insert into face_places (photo_id, pack_id, member_id, consent_epoch, box_left, box_top, box_width, box_height)
      values (${photo}, 'p', ${member}, ${epoch}, ${left}, 0.11, 0.2, 0.2)`.execute(ai.db);
    await ai.eraseMember(String(member), 1);
  };
  await found(0.11, 1);
  expect(await cutOff()).toEqual([0.11]);
  await found(0.41, 2);
  expect(await cutOff()).toEqual([0.11]);
  await ai.eraseMember(String(other), 1);
  expect(await cutOff()).toEqual([0.11, 0.7]);
  const { rows } = await sql`select face_id from faces`.execute(ai.db);
  expect(rows).toHaveLength(3);
});
