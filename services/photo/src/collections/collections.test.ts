import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, sales, publish, recognise, createEvent, get, send, signUp } = await startCatalogue();
afterAll(() => system.close());
const creator = await signUp({ creator: true });
const member = await signUp();
const { eventId } = await createEvent(creator, { visibility: 'public' });
const publicPhoto = (sale = 'shared') => publish({ creatorId: creator.accountId, eventId, sale });
const idsIn = async (list: string) =>
  (await get(`/v1/${list}`, member)).json().items.map((item: { photoId: string }) => item.photoId);

test.each(['cart', 'wishlist', 'favourites'])('%s: adding and removing twice changes nothing more', async (list) => {
  const photoId = await publicPhoto();
  for (const method of ['PUT', 'PUT'] as const) {
    expect((await send(method, `/v1/${list}/${photoId}`, member)).statusCode).toBe(204);
  }
  expect(await idsIn(list)).toEqual([photoId]);
  for (const method of ['DELETE', 'DELETE'] as const) {
    expect((await send(method, `/v1/${list}/${photoId}`, member)).statusCode).toBe(204);
  }
  expect(await idsIn(list)).toEqual([]);
});

test('a photo that one may not see goes into no list', async () => {
  const photoId = await publish({ creatorId: creator.accountId });
  for (const list of ['cart', 'wishlist', 'favourites']) {
    expect((await send('PUT', `/v1/${list}/${photoId}`, member)).json().code).toBe('PHOTO_NOT_FOUND');
  }
});

test("a creator's own photo does not go into their cart", async () => {
  const photoId = await publicPhoto();
  expect((await send('PUT', `/v1/cart/${photoId}`, creator)).json()).toMatchObject({ status: 422, code: 'PHOTO_OWN' });
});

test('the choice of a level does not filter the cart', async () => {
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId: member.accountId, level: 5 }]);
  expect((await send('PUT', `/v1/cart/${photoId}`, member)).statusCode).toBe(204);
  await send('PATCH', '/v1/me', member, { matchLevel: 9 });
  expect(await idsIn('cart')).toEqual([photoId]);
  await send('DELETE', `/v1/cart/${photoId}`, member);
});

test('what came into a list through the link of an unlisted event stays visible and can be bought without the link', async () => {
  const { eventId: unlisted, shareToken } = await createEvent(creator, { visibility: 'unlisted' });
  const photoId = await publish({ creatorId: creator.accountId, eventId: unlisted });
  expect((await send('PUT', `/v1/cart/${photoId}`, member)).statusCode).toBe(404);
  expect((await send('PUT', `/v1/cart/${photoId}?share=${shareToken}`, member)).statusCode).toBe(204);
  expect((await get(`/v1/photos/${photoId}`, member)).status).toBe(200);
  const { quotes } = await sales.quotePhotos({ buyerId: member.accountId, photoIds: [photoId] });
  expect(quotes[0]?.refusal).toBe('');
  await send('DELETE', `/v1/cart/${photoId}`, member);
  expect((await get(`/v1/photos/${photoId}`, member)).status).toBe(404);
});

test('a photo that can no longer be bought stays in the list, marked, without a link', async () => {
  const photoId = await publicPhoto();
  await send('PUT', `/v1/wishlist/${photoId}`, member);
  await send('PATCH', `/v1/photos/${photoId}`, creator, { hidden: true });
  const [item] = (await get('/v1/wishlist', member)).json().items;
  expect(item).toMatchObject({ photoId, buyable: false, notBuyableReason: 'PHOTO_NOT_ON_SALE', previewUrl: null });
});
