import { dlibCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { vectorOf } from '../db/vector.ts';
import { storeTemplates } from '../facecams/store-templates.ts';
import { toMessage } from '../matching/match.ts';
import { matchFacecam } from '../matching/match-facecam.ts';
import { matchPhoto } from '../matching/match-photo.ts';
import { listMatchesByMember } from '../matching/match-store.ts';
import { judged } from '../testing/judged.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, packId, photosOf } from '../testing/synthetic-steps.ts';

// While a release rolls out, a replica of the one before writes to the same tables: these are its statements, by the columns that it knew.

let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
  // What notes the pack, as the start of either version does.
  await addPhoto(database.db, [newPerson()]);
});

afterAll(() => database?.close());

async function insertPhoto(embedding: Float32Array): Promise<string> {
  const photoId = newId();
  const creatorId = newId();
  await sql`insert into photo_recognitions (photo_id, creator_id, event_id, pack_id, face_count, processed_key, recognised_at,
      erased_boxes, uploaded_at, faces_erased_at)
    values (${photoId}, ${creatorId}, null, ${packId}, 1, 'any', now(), '[]', null, null)`.execute(database.db);
  await sql`insert into faces (face_id, photo_id, creator_id, event_id, pack_id, embedding, box_left, box_top, box_width, box_height,
      score, eye_distance_px, sharpness, exposure, burnt_share, inside_share, yaw_deg, pitch_deg, roll_deg, quality, created_at)
    values (${newId()}, ${photoId}, ${creatorId}, null, ${packId}, ${vectorOf(embedding)}, 0.1, 0.1, 0.1, 0.1,
      0.9, 40, 0.01, 0.5, 0, 1, 0, 0, 0, 1, now())`.execute(database.db);
  await matchPhoto(database.db, photoId, new Date());
  return photoId;
}

async function insertFacecam(embedding: Float32Array, memberId = newId()) {
  const facecam = { memberId, facecamId: newId(), consentEpoch: 1 };
  await sql`insert into erased_members (member_id) values (${memberId}) on conflict do nothing`.execute(database.db);
  await sql`insert into templates (facecam_id, member_id, consent_epoch, pack_id, embedding, quality, real_score, live_score, created_at)
    values (${facecam.facecamId}, ${memberId}, 1, ${packId}, ${vectorOf(embedding)}, null, null, null, now())`.execute(
    database.db,
  );
  await matchFacecam(database.db, facecam);
  return facecam;
}

test('a face that the version before stored decides, and is found by a facecam of either version', async () => {
  const person = newPerson();
  const photoId = await insertPhoto(person);
  const [old, now] = [
    await insertFacecam(likenessOf(person, 0.2)),
    await addFacecam(database.db, likenessOf(person, 0.2)),
  ];
  for (const { memberId } of [old, now]) {
    const found = await listMatchesByMember(database.db, memberId, { after: undefined, limit: 10 });
    expect(found).toMatchObject([{ photoId, isSureFace: true }]);
    expect(found.map((match) => toMessage(match, () => judged(dlibCalibration)).isUnsure)).toEqual([false]);
  }
});

test('each facecam that the version before stored searches by itself', async () => {
  const [young, old] = [newPerson(), newPerson()];
  const { memberId } = await insertFacecam(young);
  await insertFacecam(old, memberId);
  const photoIds = [await insertPhoto(likenessOf(young, 0.2)), await addPhoto(database.db, [likenessOf(old, 0.2)])];
  expect(await photosOf(database.db, memberId)).toEqual(photoIds.sort());
});

test('a facecam that the version before adds to those of now searches beside them, and with them from the next change on', async () => {
  const person = newPerson();
  const far = () => likenessOf(person, 0.3);
  const { memberId } = await addFacecam(database.db, far());
  await addFacecam(database.db, far(), { memberId });
  const added = likenessOf(person, 0.1);
  await insertFacecam(added, memberId);
  const photoId = await insertPhoto(likenessOf(added, 0.58));
  expect(await photosOf(database.db, memberId)).toEqual([photoId]);
  const leads = async () => {
    const query = database.db.selectFrom('templates').select('facecam_id').where('member_id', '=', memberId);
    return (await query.where('is_lead', '=', true).execute()).length;
  };
  expect(await leads()).toBe(2);
  const facecam = { memberId, facecamId: newId(), consentEpoch: 1, packId };
  await storeTemplates(database.db, [{ ...facecam, embedding: likenessOf(person, 0.1) }], new Date());
  expect(await leads()).toBe(1);
});
