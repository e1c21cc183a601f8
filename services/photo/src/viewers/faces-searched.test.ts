import { openDatabase } from '@kilas/platform/db/database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, test } from 'vitest';
import type { PhotoSchema } from '../db/schema.ts';
import { insertEventCreator } from '../events/event-store.ts';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, publish, recognise, createEvent, get, signUp } = await startCatalogue();
const db = openDatabase<PhotoSchema>({ url: system.databaseUrls.photo, poolSizeMax: 1, onTrouble: () => {} });
afterAll(async () => {
  await db.destroy();
  await system.close();
});

/** So many that a match of this rate is shown to nobody by default who was searched among them. */
const crowd = 100_000;
const falseMatchRate = 1e-4;

async function findBoth(isOwnCrowd: boolean) {
  const [creator, member] = [await signUp({ creator: true }), await signUp({ creator: true, consent: true })];
  const { eventId } = await createEvent(creator);
  await insertEventCreator(db, eventId, member.accountId);
  const crowdOf = isOwnCrowd ? member : creator;
  await recognise(await publish({ creatorId: crowdOf.accountId, eventId }), [], crowd);
  const photoId = await publish({ creatorId: creator.accountId, eventId });
  await recognise(photoId, [{ photoId, memberId: member.accountId, falseMatchRate }], 10);
  const idsIn = async (url: string) =>
    (await get(url, member)).json().items.map((item: { photoId: string }) => item.photoId);
  return {
    member,
    photoId,
    explored: await idsIn('/v1/explore'),
    inEvent: (await idsIn(`/v1/events/${eventId}/photos`)).includes(photoId),
    shown: await get(`/v1/photos/${photoId}`, member),
  };
}

test('faces in the own photos of a member are not among those that they were searched in', async () => {
  const { member, photoId, explored, inEvent, shown } = await findBoth(true);
  expect(explored).toEqual([photoId]);
  expect(inEvent).toBe(true);
  expect(shown.status).toBe(200);
  expect(shown.json().match.facesSearched).toBe(10);
  const [item] = (await get('/v1/explore', member)).json().items;
  expect(item.match.facesSearched).toBe(10);
  const told = async () => (await get('/v1/me/notifications', member)).json().items[0]?.data.photoCount;
  expect(await waitFor(told, { what: 'the notice of the match' })).toBe(1);
});

test('faces in the photos of others are, in every list alike', async () => {
  const { explored, inEvent, shown } = await findBoth(false);
  expect({ explored, inEvent, status: shown.status }).toEqual({ explored: [], inEvent: false, status: 404 });
});
