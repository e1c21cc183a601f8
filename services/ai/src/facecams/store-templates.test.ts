import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listTemplatesByMember } from '../templates/template-store.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { reasonOf } from '../testing/reason-of.ts';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { packId, storeFacecam } from '../testing/synthetic-steps.ts';
import { storeTemplates } from './store-templates.ts';

let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

test('a facecam that shows someone else than any of the others is refused', async () => {
  const { db } = database;
  const person = newPerson();
  const memberId = newId();
  const stranger = likenessOf(person, 0.7);
  const between = person.map((value, i) => (value + (stranger[i] ?? 0)) / 2);
  await storeFacecam(db, person, { memberId });
  await storeFacecam(db, between, { memberId });
  // Near to the second, but far from the first: look-alikes make no chain.
  expect(await reasonOf(storeFacecam(db, stranger, { memberId }))).toBe('FACECAM_MISMATCH');
  expect(await reasonOf(storeFacecam(db, likenessOf(person, 0.1), { memberId }))).toBeUndefined();
});

test('of two people enrolled by one member at once, one is refused', async () => {
  const { db } = database;
  const memberId = newId();
  const reasons = await Promise.all(
    [newPerson(), newPerson()].map((person) => reasonOf(storeFacecam(db, person, { memberId }))),
  );
  expect(reasons.sort()).toEqual(['FACECAM_MISMATCH', undefined]);
});

test('a facecam stored twice is one template', async () => {
  const { db } = database;
  const template = {
    memberId: newId(),
    facecamId: newId(),
    consentEpoch: 1,
    packId,
    embedding: newPerson(),
  };
  await Promise.all([storeTemplates(db, [template], new Date()), storeTemplates(db, [template], new Date())]);
  expect(await listTemplatesByMember(db, template.memberId)).toHaveLength(1);
});
