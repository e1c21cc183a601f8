import { randomUUID } from 'node:crypto';
import { query } from '@kilas/testkit/query.ts';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, publish, register, createEvent, get, send, signUp } = await startCatalogue();
afterAll(() => system.close());
const creator = await signUp({ creator: true });
const other = await signUp({ creator: true });
const { accountId: creatorId } = creator;

type Own = { photoId: string; priceIdr: number; hidden: boolean };
const ownPhoto = async (photoId: string): Promise<Own | undefined> =>
  (await get('/v1/creator/photos?limit=100', creator)).json().items.find((item: Own) => item.photoId === photoId);
const change = (photoIds: string[], edit: object, who = creator) =>
  send('PATCH', '/v1/creator/photos', who, { photoIds, ...edit });

test('many photos get one price and are hidden together, each answered for itself; what is not mine or not there stays', async () => {
  const [published, raw] = [await publish({ creatorId }), await register({ creatorId })];
  const there = await publish({ creatorId, priceIdr: 9_000n });
  await change([there], { hidden: true });
  const strange = await publish({ creatorId: other.accountId });
  const missing = randomUUID();
  const edit = { priceIdr: 9_000, hidden: true };
  const reply = await change([published, raw.toUpperCase(), raw, there, strange, missing], edit);
  expect(reply.statusCode).toBe(207);
  const refused = { outcome: 'refused', problem: { status: 404, code: 'PHOTO_NOT_FOUND' } };
  expect(reply.json().items).toMatchObject([
    { photoId: published, outcome: 'changed' },
    { photoId: raw, outcome: 'changed' },
    { photoId: there, outcome: 'unchanged' },
    { photoId: strange, ...refused },
    { photoId: missing, ...refused },
  ]);
  for (const photoId of [published, raw, there]) expect(await ownPhoto(photoId)).toMatchObject(edit);
  const stays = await query(system.databaseUrls.photo, 'select price_idr, is_hidden from photos where photo_id = $1', [
    strange,
  ]);
  expect(stays).toEqual([{ price_idr: '50000', is_hidden: false }]);
  const again = await change([published, raw], edit);
  expect([again.statusCode, again.json().items[0].outcome]).toEqual([200, 'unchanged']);
});

test('a change of the price alone shows nothing that is hidden, and one of the visibility alone keeps the price', async () => {
  const photoId = await publish({ creatorId });
  await change([photoId], { hidden: true });
  await change([photoId], { priceIdr: 0 });
  expect(await ownPhoto(photoId)).toMatchObject({ priceIdr: 0, hidden: true });
  await change([photoId], { hidden: false });
  expect(await ownPhoto(photoId)).toMatchObject({ priceIdr: 0, hidden: false });
});

test('photos that are hidden together leave their event for others, and come back', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  const photoIds = [await publish({ creatorId, eventId }), await publish({ creatorId, eventId })];
  const seen = async () => (await get(`/v1/events/${eventId}/photos`, other)).json().items.length;
  expect(await seen()).toBe(2);
  await change(photoIds, { hidden: true });
  expect(await seen()).toBe(0);
  await change(photoIds, { hidden: false });
  expect(await seen()).toBe(2);
});

test('a photo that the operator removed is not found', async () => {
  const photoId = await publish({ creatorId });
  await query(system.databaseUrls.photo, `update photos set status = 'removed' where photo_id = $1`, [photoId]);
  expect((await change([photoId], { hidden: true })).json().items).toMatchObject([
    { outcome: 'refused', problem: { code: 'PHOTO_NOT_FOUND' } },
  ]);
});

test('changes in opposite order at once all come to an end', async () => {
  const photoIds = await Promise.all(Array.from({ length: 8 }, () => publish({ creatorId })));
  const replies = await Promise.all(
    Array.from({ length: 6 }, (_, turn) =>
      change(turn % 2 === 0 ? photoIds : [...photoIds].reverse(), { priceIdr: turn }),
    ),
  );
  expect(replies.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 6 }, () => 200));
  const prices = (await Promise.all(photoIds.map(ownPhoto))).map((photo) => photo?.priceIdr);
  expect(new Set(prices).size).toBe(1);
});

test.each([
  { photoIds: [], hidden: true },
  { photoIds: Array.from({ length: 501 }, () => randomUUID()), hidden: true },
  { photoIds: ['one'], hidden: true },
  { photoIds: [randomUUID()] },
  { photoIds: [randomUUID()], priceIdr: -1 },
  { photoIds: [randomUUID()], priceIdr: 1.5 },
  { photoIds: [randomUUID()], priceIdr: 100_000_001 },
  { photoIds: [randomUUID()], hidden: null },
  { photoIds: [randomUUID()], hidden: true, title: 'All alike' },
  { photoIds: [randomUUID()], hidden: true, creatorId },
])('a change that is none is refused', async (body) => {
  expect((await send('PATCH', '/v1/creator/photos', creator, body)).statusCode).toBe(400);
});

test('a member who is no creator changes nothing', async () => {
  expect((await change([randomUUID()], { hidden: true }, await signUp())).statusCode).toBe(403);
});
