import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listMembersWithoutLead } from '../templates/likeness-store.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { newPerson, likenessOf as pictureOf } from '../testing/synthetic-faces.ts';
import { addPhoto, photosOf, storeFacecam } from '../testing/synthetic-steps.ts';
import { giveLeads } from './keep-leads.ts';

let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

/** As the version before takes a facecam away: it knows of no leads. */
async function forgetAsBefore(facecamId: string): Promise<void> {
  await database.db.deleteFrom('templates').where('facecam_id', '=', facecamId).execute();
}

test('who lost the facecam that led to a replica of the version before is found again, in old photos and in new ones', async () => {
  const { db } = database;
  const person = newPerson();
  const memberId = newId();
  await storeFacecam(db, pictureOf(person, 0.1), { memberId });
  const newest = await storeFacecam(db, pictureOf(person, 0.1), { memberId });
  const others = await storeFacecam(db, newPerson());
  await forgetAsBefore(newest.facecamId);
  const early = await addPhoto(db, [pictureOf(person, 0.2)]);
  expect(await photosOf(db, memberId)).toEqual([]);
  expect(await listMembersWithoutLead(db, 10)).toEqual([memberId]);
  const told: string[] = [];
  await giveLeads({ db, tell: async (member) => void told.push(member) });
  const late = await addPhoto(db, [pictureOf(person, 0.2)]);
  expect(await photosOf(db, memberId)).toEqual([early, late].sort());
  expect(told).toEqual([memberId]);
  expect(told).not.toContain(others.memberId);
  expect(await listMembersWithoutLead(db, 10)).toEqual([]);
});
