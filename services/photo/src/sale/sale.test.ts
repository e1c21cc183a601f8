import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { PhotosSoldSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, sales, publish, recognise, createEvent, get, send, signUp } = await startCatalogue();
afterAll(() => system.close());
const creator = await signUp({ creator: true });
const buyer = await signUp();
const { eventId } = await createEvent(creator, { visibility: 'public' });
const quote = async (photoIds: string[], buyerId = buyer.accountId, matchLevel = 0) =>
  (await sales.quotePhotos({ buyerId, photoIds, matchLevel })).quotes;
const sold = (photos: { photoId: string; sale: string }[]) =>
  createClient(EventService, system.peersAs('transaction')('photo')).deliver({
    eventId: randomUUID(),
    type: PhotosSoldSchema.typeName,
    payload: toBinary(
      PhotosSoldSchema,
      create(PhotosSoldSchema, { orderId: randomUUID(), buyerId: buyer.accountId, photos }),
    ),
  });

test('a quote answers in the order asked for, with price and what forbids to buy', async () => {
  const [one, two] = [
    await publish({ creatorId: creator.accountId, eventId, priceIdr: 1n }),
    await publish({ creatorId: creator.accountId, eventId, priceIdr: 2n }),
  ];
  expect((await quote([two, one])).map(({ priceIdr, refusal }) => [priceIdr, refusal])).toEqual([
    [2n, ''],
    [1n, ''],
  ]);
  expect((await quote([one], creator.accountId))[0]?.refusal).toBe('PHOTO_OWN');
});

test('a photo that the buyer may not see is quoted like one that is not there', async () => {
  const visible = await publish({ creatorId: creator.accountId, eventId });
  const unseen = await publish({ creatorId: creator.accountId, title: 'Secret finish' });
  const [seen, hidden, missing] = await quote([visible, unseen, randomUUID()]);
  expect(seen?.refusal).toBe('');
  expect({ ...hidden, photoId: missing?.photoId }).toEqual(missing);
  expect(hidden).toMatchObject({ refusal: 'PHOTO_NOT_FOUND', title: '', priceIdr: 0n });
});

test('a photo of a cart that was hidden since is told to its holder as no longer on sale, to others as not there', async () => {
  const photoId = await publish({ creatorId: creator.accountId, eventId });
  await send('PUT', `/v1/cart/${photoId}`, buyer);
  await send('PATCH', `/v1/photos/${photoId}`, creator, { hidden: true });
  expect((await quote([photoId]))[0]?.refusal).toBe('PHOTO_NOT_ON_SALE');
  await send('DELETE', `/v1/cart/${photoId}`, buyer);
  expect((await quote([photoId]))[0]?.refusal).toBe('PHOTO_NOT_FOUND');
});

test('a member who chose a looser level buys what explore shows them', async () => {
  const member = await signUp();
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId: member.accountId, level: 2 }]);
  expect((await send('PATCH', '/v1/me', member, { matchLevel: 2 })).statusCode).toBe(200);
  expect((await get('/v1/explore', member)).json().items).toHaveLength(1);
  expect((await quote([photoId], member.accountId, 2))[0]?.refusal).toBe('');
  for (const stricter of [0, 3, 9])
    expect((await quote([photoId], member.accountId, stricter))[0]?.refusal).toBe('PHOTO_NOT_FOUND');
  expect((await quote([photoId], buyer.accountId))[0]?.refusal).toBe('PHOTO_NOT_FOUND');
});

test('an exclusive photo that was sold can no longer be bought; a shared one can', async () => {
  const exclusive = await publish({ creatorId: creator.accountId, eventId, sale: 'exclusive' });
  const shared = await publish({ creatorId: creator.accountId, eventId });
  for (const photoId of [exclusive, shared]) await send('PUT', `/v1/cart/${photoId}`, buyer);
  await sold([
    { photoId: exclusive, sale: 'exclusive' },
    { photoId: shared, sale: 'shared' },
  ]);
  expect((await quote([exclusive, shared])).map(({ refusal }) => refusal)).toEqual(['PHOTO_SOLD', '']);
  expect((await get('/v1/cart', buyer)).json().items).toEqual([]);
  expect((await get(`/v1/photos/${exclusive}`, buyer)).json()).toMatchObject({ buyable: false });
});

test('a description names the creator once their name is known', async () => {
  const photoId = await publish({ creatorId: creator.accountId, eventId });
  const { photos } = await sales.describePhotos({ photoIds: [photoId, randomUUID()] });
  expect(photos).toHaveLength(1);
  expect(photos[0]).toMatchObject({ photoId, creatorId: creator.accountId });
});
