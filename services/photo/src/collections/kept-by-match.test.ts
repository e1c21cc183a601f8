import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { PhotosSoldSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, sales, matches, publish, recognise, createEvent, get, send, signUp } = await startCatalogue();
afterAll(() => system.close());

const lists = ['cart', 'wishlist', 'favourites'] as const;
const creator = await signUp({ creator: true });
let member: Member;
let epoch: number;
beforeEach(async () => {
  member = await signUp();
  epoch = 1;
});

/** A photo on sale in which the member is found. */
async function foundIn(photo: { eventId?: string } = {}, match: { facecamId?: string; isUnsure?: boolean } = {}) {
  const photoId = await publish({ creatorId: creator.accountId, ...photo });
  await recognise(photoId, [{ photoId, memberId: member.accountId, consentEpoch: epoch, ...match }]);
  return photoId;
}

const keep = (list: string, photoId: string, share?: string) =>
  send('PUT', `/v1/${list}/${photoId}${share === undefined ? '' : `?share=${share}`}`, member);
async function keepEverywhere(photoId: string) {
  for (const list of lists) expect((await keep(list, photoId)).statusCode).toBe(204);
}

const deliver = async (
  from: 'user' | 'transaction',
  event: typeof ConsentWithdrawnSchema | typeof PhotosSoldSchema,
  payload: Uint8Array,
) =>
  createClient(EventService, system.peersAs(from)('photo')).deliver({
    eventId: randomUUID(),
    type: event.typeName,
    key: member.accountId,
    payload,
  });

/** As user tells it; answers what was removed. */
async function withdraw() {
  const withdrawn = create(ConsentWithdrawnSchema, { memberId: member.accountId, epoch });
  epoch += 1;
  return (await deliver('user', ConsentWithdrawnSchema, toBinary(ConsentWithdrawnSchema, withdrawn))).effects;
}

/** By whichever way there is to it. */
async function accessTo(photoId: string) {
  const kept: string[] = [];
  for (const list of lists) {
    const { items } = (await get(`/v1/${list}`, member)).json();
    if (items.some((item: { photoId: string }) => item.photoId === photoId)) kept.push(list);
  }
  const { quotes } = await sales.quotePhotos({ buyerId: member.accountId, photoIds: [photoId], matchLevel: 1 });
  return { kept, status: (await get(`/v1/photos/${photoId}`, member)).status, refusal: quotes[0]?.refusal };
}

const none = { kept: [], status: 404, refusal: 'PHOTO_NOT_FOUND' };
const all = { kept: [...lists], status: 200, refusal: '' };

test('who withdraws sees no photo any more that only their face let them see, whichever list it lies in, and hears how many', async () => {
  const photoId = await foundIn();
  await keepEverywhere(photoId);
  expect(await accessTo(photoId)).toEqual(all);
  expect(await withdraw()).toEqual({ matches: 1, keptPhotos: 3 });
  expect(await accessTo(photoId)).toEqual(none);
});

test('with the photo of a private event its event is closed again', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'matches' });
  await keep('cart', await foundIn({ eventId }));
  expect((await get(`/v1/events/${eventId}/photos`, member)).json().items).toHaveLength(1);
  await withdraw();
  const closed = await get(`/v1/events/${eventId}/photos`, member);
  expect(closed.status === 200 ? closed.json().items : []).toEqual([]);
});

test('a photo of a public event, and one that was bought, stay in the lists of who withdraws', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  const [open, bought, other] = [await foundIn({ eventId }), await foundIn(), await foundIn()];
  for (const photoId of [open, bought, other]) await keepEverywhere(photoId);
  const sold = create(PhotosSoldSchema, {
    orderId: randomUUID(),
    buyerId: member.accountId,
    photos: [{ photoId: bought, sale: 'shared' }],
  });
  await deliver('transaction', PhotosSoldSchema, toBinary(PhotosSoldSchema, sold));
  expect(await withdraw()).toEqual({ matches: 3, keptPhotos: 3 });
  expect(await accessTo(open)).toEqual(all);
  expect((await accessTo(bought)).kept).toEqual(['wishlist', 'favourites']);
  expect(await accessTo(other)).toEqual(none);
});

test('what the holder of a link put into a list by it stays, also what they put there by their face before', async () => {
  const { eventId, shareToken } = await createEvent(creator, { visibility: 'unlisted' });
  const [byLink, later, byFace] = [await foundIn({ eventId }), await foundIn({ eventId }), await foundIn({ eventId })];
  await keep('wishlist', byLink, shareToken);
  await keep('cart', byLink);
  await keep('cart', later);
  await keep('cart', later, shareToken);
  await keep('cart', byFace);
  expect(await withdraw()).toEqual({ matches: 3, keptPhotos: 1 });
  expect((await accessTo(byLink)).kept).toEqual(['cart', 'wishlist']);
  expect((await accessTo(later)).kept).toEqual(['cart']);
  expect(await accessTo(byFace)).toEqual(none);
});

test('a facecam that is removed takes along from the lists what it alone found, but nothing that was confirmed', async () => {
  const facecamId = randomUUID();
  const [found, confirmed, byAnother] = [
    await foundIn({}, { facecamId }),
    await foundIn({}, { facecamId }),
    await foundIn(),
  ];
  for (const photoId of [found, confirmed, byAnother]) await keepEverywhere(photoId);
  await send('PUT', `/v1/photos/${confirmed}/match`, member, { answer: 'confirmed' });
  await matches.forgetFacecam({ memberId: member.accountId, facecamId });
  expect(await accessTo(found)).toEqual(none);
  expect(await accessTo(confirmed)).toEqual(all);
  expect(await accessTo(byAnother)).toEqual(all);
  // Whose facecam is gone: taken back, nothing is left of the match.
  await send('DELETE', `/v1/photos/${confirmed}/match`, member);
  expect(await accessTo(confirmed)).toEqual(none);
});

test.each([false, true])(
  'a photo that a member rejects goes from their lists (they were asked about it: %s)',
  async (isUnsure) => {
    const photoId = await foundIn({}, { isUnsure });
    await keepEverywhere(photoId);
    expect(await accessTo(photoId)).toEqual(all);
    expect((await send('PUT', `/v1/photos/${photoId}/match`, member, { answer: 'rejected' })).statusCode).toBe(204);
    expect(await accessTo(photoId)).toEqual(none);
  },
);

test('a photo that was moved goes or stays by where it is when its match ends', async () => {
  const [open, closed] = [
    await createEvent(creator, { visibility: 'public' }),
    await createEvent(creator, { visibility: 'matches' }),
  ];
  const move = (photoId: string, eventId: string) => send('PATCH', `/v1/photos/${photoId}`, creator, { eventId });
  const [opened, shut, keptWhileOpen] = [
    await foundIn({ eventId: closed.eventId }),
    await foundIn({ eventId: closed.eventId }),
    await foundIn({ eventId: open.eventId }),
  ];
  for (const photoId of [opened, shut, keptWhileOpen]) await keepEverywhere(photoId);
  await move(opened, open.eventId);
  await move(shut, open.eventId);
  await move(shut, closed.eventId);
  await move(keptWhileOpen, closed.eventId);
  expect(await withdraw()).toEqual({ matches: 3, keptPhotos: 3 });
  expect(await accessTo(opened)).toEqual(all);
  expect(await accessTo(shut)).toEqual(none);
  expect(await accessTo(keptWhileOpen)).toEqual(all);
});

test('a match under a consent that was given anew holds what lies in the lists', async () => {
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId: member.accountId, consentEpoch: 2 }]);
  await keepEverywhere(photoId);
  expect(await withdraw()).toEqual({ matches: 0, keptPhotos: 0 });
  expect(await accessTo(photoId)).toEqual(all);
});

test('what is put into a list at the moment of the withdrawal is not there after it', async () => {
  for (let round = 0; round < 10; round++) {
    const photoId = await foundIn();
    await Promise.all([keep('cart', photoId), keep('wishlist', photoId), withdraw()]);
    expect(await accessTo(photoId), `round ${round}`).toEqual(none);
  }
});
