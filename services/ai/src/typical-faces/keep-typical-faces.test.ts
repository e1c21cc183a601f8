import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { beforeEach, expect, test } from 'vitest';
import { cutOffUntil } from '../claims/cut-off.ts';
import { embeddingTables } from '../db/schema.ts';
import { normalisedDistance, type TypicalFace, typicalOf } from '../distances/normalised-distance.ts';
import { rankPacks } from '../packs/pack-store.ts';
import { onBothDatabases } from '../testing/on-both-databases.ts';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, storeFacecam, takePhoto } from '../testing/synthetic-steps.ts';
import { eraseMember } from '../withdrawals/erase-member.ts';
import { keepTypicalFaces } from './keep-typical-faces.ts';
import { findTypicalFace, insertTypicalFace } from './typical-face-store.ts';

const facesMin = 20;
const day = 86_400;
const start: TypicalFace = { embedding: newPerson(), usualDistance: 1 };

onBothDatabases((database) => {
  const clock = drivenClock();
  let packId: string;
  let vacuumCount = 0;

  beforeEach(async () => {
    packId = `pack-${newId()}`;
    // What notes the pack, as the start of the service does.
    await storeFacecam(database.db, newPerson(), { packId });
    await database.db.transaction().execute((tx) => rankPacks(tx, [packId]));
    await insertTypicalFace(database.db, packId, start, clock.now());
  });

  const keep = () =>
    keepTypicalFaces(
      {
        ...{ db: database.db, clock, log: openLog('test', 'silent'), packs: { ids: () => [packId] } },
        typical: { startOf: () => start },
        vacuum: { run: async () => ++vacuumCount > 0 },
      },
      facesMin,
    );
  const typical = async () => {
    const found = await findTypicalFace(database.db, packId);
    if (found === undefined) throw new Error('there is no typical face');
    return found;
  };
  const add = (faces: readonly Float32Array[]) => addPhoto(database.db, faces, { packId, at: clock.now() });
  const newPeople = (count: number) => Array.from({ length: count }, newPerson);
  const expectSame = (a: TypicalFace, b: TypicalFace) => {
    expect(normalisedDistance(a.embedding, b.embedding, undefined)).toBeLessThan(1e-5);
    expect(a.usualDistance).toBeCloseTo(b.usualDistance, 5);
  };

  /** A few a photo, so that none is left out for its crowd. */
  async function addCrowd(people: readonly Float32Array[]): Promise<void> {
    for (let i = 0; i < people.length; i += 4) await add(people.slice(i, i + 4));
  }

  test('the typical face is that of the pack until there are enough faces, then theirs', async () => {
    const people = newPeople(facesMin);
    await addCrowd(people.slice(1));
    await keep();
    expectSame(await typical(), start);
    await addCrowd(people.slice(0, 1));
    await keep();
    expectSame(await typical(), typicalOf(people));
  });

  test('it is made anew when the faces have doubled and after a month, and not each time', async () => {
    const people = newPeople(facesMin);
    await addCrowd(people);
    await keep();
    const more = newPeople(facesMin - 1);
    await addCrowd(more);
    await keep();
    expectSame(await typical(), typicalOf(people));
    const last = newPeople(1);
    await addCrowd(last);
    await keep();
    expectSame(await typical(), typicalOf([...people, ...more, ...last]));
    const late = newPeople(1);
    await addCrowd(late);
    clock.advance(30 * day);
    await keep();
    expectSame(await typical(), typicalOf([...people, ...more, ...last, ...late]));
  });

  test('neither a template nor a face of whom it is found by is part of it', async () => {
    const people = newPeople(facesMin);
    const member = newPerson();
    await addFacecam(database.db, member, { packId });
    await add([likenessOf(member, 0.2)]);
    await add([likenessOf(member, 0.3)]);
    await addCrowd(people);
    await keep();
    expectSame(await typical(), typicalOf(people));
  });

  test('who withdraws leaves nothing behind in it: it is what it would be had they never been there', async () => {
    const people = newPeople(facesMin);
    const person = newPerson();
    await addCrowd(people);
    // Nameless at first, and so a part of it.
    await add([likenessOf(person, 0.2)]);
    await keep();
    const before = await typical();
    expect(normalisedDistance(before.embedding, typicalOf(people).embedding, undefined)).toBeGreaterThan(1e-3);
    const { memberId } = await addFacecam(database.db, person, { packId });
    await database.db
      .transaction()
      .execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date())));
    await keep();
    expectSame(await typical(), typicalOf(people));
    const again = await typical();
    await keep();
    expect(await typical()).toEqual(again);
  });

  test('the one before is taken off the disk: what both differ by are the faces that were erased', async () => {
    await addCrowd(newPeople(facesMin));
    vacuumCount = 0;
    await keep();
    expect(vacuumCount).toBe(1);
    await keep();
    expect(vacuumCount).toBe(1);
    expect(embeddingTables).toContain('typical_faces');
  });

  test('with too few faces left after a withdrawal it is the one of the pack again', async () => {
    const person = newPerson();
    await addCrowd(newPeople(facesMin - 1));
    await add([likenessOf(person, 0.2)]);
    await keep();
    const { memberId } = await addFacecam(database.db, person, { packId });
    await database.db
      .transaction()
      .execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date())));
    await keep();
    expectSame(await typical(), start);
  });

  test('with too few faces left because their time was over it is the one of the pack again after a month', async () => {
    const people = newPeople(facesMin);
    await addCrowd(people);
    await keep();
    await database.db.deleteFrom('faces').where('pack_id', '=', packId).execute();
    await keep();
    expectSame(await typical(), typicalOf(people));
    clock.advance(30 * day);
    await keep();
    expectSame(await typical(), start);
    const again = await typical();
    clock.advance(30 * day);
    await keep();
    expect(await typical()).toEqual(again);
  });

  test('one photo of a crowd does not outweigh all others', async () => {
    const people = newPeople(facesMin);
    await addCrowd(people);
    await takePhoto(database.db, newPeople(40), { packId, at: clock.now() });
    await keep();
    const rows = await database.db
      .selectFrom('typical_faces')
      .select('face_count')
      .where('pack_id', '=', packId)
      .execute();
    expect(rows).toEqual([{ face_count: facesMin + 5 }]);
  });
});
