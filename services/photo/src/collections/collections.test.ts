import { query } from '@kilas/testkit/query.ts';
import { afterAll, expect, test } from 'vitest';
import { smallImages, startCatalogue } from '../testing/start-catalogue.ts';

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

test('the page of a photo says in which lists I have it, and whether it is mine or I bought it', async () => {
  const photoId = await publicPhoto();
  for (const list of ['cart', 'favourites']) await send('PUT', `/v1/${list}/${photoId}`, member);
  const page = async (viewer?: typeof member) => (await get(`/v1/photos/${photoId}`, viewer)).json();
  const thumbhash = Buffer.from(smallImages.thumbhash).toString('base64');
  const theirs = { inCart: true, inWishlist: false, inFavourites: true, isOwn: false, isPurchased: false, thumbhash };
  expect(await page(member)).toMatchObject(theirs);
  const own = { inCart: false, inWishlist: false, inFavourites: false, isOwn: true, isPurchased: false };
  expect(await page(creator)).toMatchObject(own);
  const visitors = await page();
  expect(visitors).toMatchObject({ isOwn: false, isPurchased: false });
  for (const flag of ['inCart', 'inWishlist', 'inFavourites']) expect(visitors).not.toHaveProperty(flag);
  const bought = 'insert into bought_photos (buyer_id, photo_id) values ($1, $2)';
  await query(system.databaseUrls.photo, bought, [member.accountId, photoId]);
  expect(await page(member)).toMatchObject({ isPurchased: true });
  expect(await page()).toMatchObject({ isPurchased: false });
});

test('what a photo was drawn by is hidden with it', async () => {
  const photoId = await publicPhoto();
  await send('PUT', `/v1/wishlist/${photoId}`, member);
  await send('PATCH', `/v1/photos/${photoId}`, creator, { hidden: true });
  const [item] = (await get('/v1/wishlist', member)).json().items;
  expect(item).toMatchObject({ photoId, thumbhash: null, previewSmallUrl: null, thumbnailSmallUrl: null });
});
