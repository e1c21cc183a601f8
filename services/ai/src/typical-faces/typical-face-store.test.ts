import { newId } from '@kilas/platform/process/ids.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutOffUntil } from '../claims/cut-off.ts';
import type { TypicalFace } from '../distances/normalised-distance.ts';
import { openConcurrentDatabase } from '../testing/open-concurrent-database.ts';
import type { FaceDatabase } from '../testing/open-face-database.ts';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto } from '../testing/synthetic-steps.ts';
import { eraseMember } from '../withdrawals/erase-member.ts';
import {
  findTypicalFace,
  insertTypicalFace,
  lockTypicalFace,
  markTypicalFacesStale,
  updateTypicalFace,
} from './typical-face-store.ts';

let database: FaceDatabase;

beforeAll(async () => {
  database = await openConcurrentDatabase();
});

afterAll(() => database?.close());

/** Waits until a transaction of this database waits for another one, or `work` ended without. */
async function blocked(work: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  work.then(over, over);
  for (;;) {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      database.db,
    );
    if (rows.length > 0 || isOver) return;
  }
}

test.each([
  ['the first one of the installation', { isStale: false }],
  ['one that is made anew after another withdrawal', { isStale: true }],
])('who withdraws while a typical face is being made is not forgotten in it: %s', async (_name, { isStale }) => {
  const { db } = database;
  const packId = `pack-${newId()}`;
  const person = newPerson();
  await addPhoto(db, [newPerson(), newPerson(), likenessOf(person, 0.2)], { packId });
  await insertTypicalFace(db, packId, { embedding: newPerson(), usualDistance: 1 }, new Date());
  const make = (held: () => Promise<unknown> = async () => {}) =>
    db.transaction().execute(async (tx) => {
      await lockTypicalFace(tx, packId);
      await updateTypicalFace(tx, packId, new Date());
      await held();
    });
  if (isStale) {
    await make();
    await db.transaction().execute((tx) => markTypicalFacesStale(tx, [{ packId, embedding: '' }]));
  }
  const made = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const making = make(() => {
    made.resolve();
    return released.promise;
  });
  await Promise.race([made.promise, making]);
  const { memberId } = await addFacecam(db, person, { packId });
  const erasing = db
    .transaction()
    .execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date())));
  await blocked(erasing);
  released.resolve();
  expect((await erasing).faces).toHaveLength(1);
  await making;
  const state = await db.transaction().execute((tx) => lockTypicalFace(tx, packId));
  expect(state).toMatchObject({ faceCount: 3, isStale: true });
});

test('a pack that comes with another typical face than before is compared by that one, until the installation has its own', async () => {
  const { db } = database;
  const packId = `pack-${newId()}`;
  await addPhoto(db, [newPerson(), newPerson()], { packId });
  const [before, after, late] = [newPerson(), newPerson(), newPerson()].map((embedding) => ({
    embedding,
    usualDistance: 1,
  }));
  if (!before || !after || !late) throw new Error('three were made');
  const usual = async (typical: TypicalFace) => {
    await insertTypicalFace(db, packId, typical, new Date());
    return (await findTypicalFace(db, packId))?.embedding;
  };
  expect(await usual(before)).toEqual(before.embedding);
  expect(await usual(after)).toEqual(after.embedding);
  await db.transaction().execute((tx) => updateTypicalFace(tx, packId, new Date()));
  const own = (await findTypicalFace(db, packId))?.embedding;
  expect(await usual(late)).toEqual(own);
});
