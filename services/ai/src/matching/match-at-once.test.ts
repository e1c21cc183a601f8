import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutOffUntil } from '../claims/cut-off.ts';
import { storeTemplates } from '../facecams/store-templates.ts';
import { storeFaces } from '../faces/store-faces.ts';
import { listTemplatesByMember } from '../templates/template-store.ts';
import { openConcurrentDatabase } from '../testing/open-concurrent-database.ts';
import type { FaceDatabase } from '../testing/open-face-database.ts';
import { faceWith, likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, packId, photosOf, storeFacecam } from '../testing/synthetic-steps.ts';
import { eraseMember } from '../withdrawals/erase-member.ts';
import { matchFacecam } from './match-facecam.ts';
import { matchPhoto } from './match-photo.ts';

const roundCount = 8;
let database: FaceDatabase;

beforeAll(async () => {
  database = await openConcurrentDatabase();
});

afterAll(() => database?.close());

const times = <Value>(count: number, make: () => Value) => Array.from({ length: count }, make);

test('photos and selfies that commit at the same moment never miss each other', async () => {
  const { db } = database;
  for (let round = 0; round < roundCount; round++) {
    const person = newPerson();
    const [photoIds, facecams] = await Promise.all([
      Promise.all(times(3, () => addPhoto(db, [newPerson(), likenessOf(person, 0.2)]))),
      Promise.all(times(4, () => addFacecam(db, likenessOf(person, 0.1)))),
    ]);
    for (const { memberId } of facecams) expect(await photosOf(db, memberId)).toEqual([...photoIds].sort());
  }
});

test('twins who withdraw while photos and selfies come in leave no match behind and hold nobody up', async () => {
  const { db } = database;
  for (let round = 0; round < roundCount; round++) {
    const person = newPerson();
    const withdrawing = await Promise.all(times(3, () => addFacecam(db, likenessOf(person, 0.1))));
    const staying = await Promise.all(times(3, () => addFacecam(db, likenessOf(person, 0.1))));
    await Promise.all([
      ...times(2, () =>
        addPhoto(
          db,
          times(3, () => likenessOf(person, 0.2)),
        ),
      ),
      ...withdrawing.map(({ memberId }) =>
        db.transaction().execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date()))),
      ),
      ...staying.map(({ memberId }) => addFacecam(db, likenessOf(person, 0.12), { memberId })),
      ...times(2, () =>
        addPhoto(
          db,
          times(3, () => likenessOf(person, 0.2)),
        ),
      ),
    ]);
    for (const { memberId } of withdrawing) expect(await photosOf(db, memberId)).toEqual([]);
  }
});

test('the same photo and the same facecam, each done twice at once, are there once', async () => {
  const { db } = database;
  for (let round = 0; round < roundCount; round++) {
    const person = newPerson();
    const recognition = { photoId: newId(), creatorId: newId(), eventId: null, packId, processedKey: 'any' };
    const facecam = { memberId: newId(), facecamId: newId(), consentEpoch: 1, packId };
    const faces = [faceWith(person), faceWith(newPerson())];
    const process = async () => {
      await storeFaces(db, recognition, faces, new Date());
      await matchPhoto(db, recognition.photoId, new Date());
    };
    const enrol = async () => {
      await storeTemplates(db, [{ ...facecam, embedding: likenessOf(person, 0.1) }], new Date());
      await matchFacecam(db, facecam);
    };
    await Promise.all([process(), enrol(), process(), enrol()]);
    expect(await photosOf(db, facecam.memberId)).toEqual([recognition.photoId]);
    const stored = db.selectFrom('faces').select('face_id').where('photo_id', '=', recognition.photoId);
    expect(await stored.execute()).toHaveLength(2);
  }
});

test('a selfie enrolled while its consent is withdrawn leaves no template behind', async () => {
  const { db } = database;
  for (let round = 0; round < 2 * roundCount; round++) {
    const person = newPerson();
    const { memberId } = await storeFacecam(db, person);
    const withdraw = () =>
      db.transaction().execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date())));
    await Promise.allSettled([storeFacecam(db, person, { memberId }), withdraw()]);
    expect(await listTemplatesByMember(db, memberId)).toEqual([]);
  }
});
