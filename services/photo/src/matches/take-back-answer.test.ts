import { randomUUID } from 'node:crypto';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, matches, publish, matchOf, recognise, createEvent, get, send, signUp } = await startCatalogue();
afterAll(() => system.close());
const creator = await signUp({ creator: true });

type Item = { photoId: string; match: { answer: string } };
const explore = async (member: Awaited<ReturnType<typeof signUp>>): Promise<Item[]> =>
  (await get('/v1/explore', member)).json().items;

test('a rejected photo is listed for its member alone, and is shown again once they take it back', async () => {
  const [member, other] = [await signUp(), await signUp()];
  const { accountId: memberId } = member;
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId, distance: 0.3 }]);
  const rejected = async (who = member) =>
    (await get('/v1/explore/rejected', who)).json().items.map((item: Item) => [item.photoId, item.match.answer]);
  const takeBack = (who = member) => send('DELETE', `/v1/photos/${photoId}/match`, who);
  expect(await rejected()).toEqual([]);
  await send('PUT', `/v1/photos/${photoId}/match`, member, { answer: 'rejected' });
  expect(await rejected()).toEqual([[photoId, 'rejected']]);
  expect(await rejected(other)).toEqual([]);
  expect((await takeBack(other)).json()).toMatchObject({ status: 404, code: 'PHOTO_NOT_FOUND' });
  expect((await takeBack()).statusCode).toBe(204);
  expect(await rejected()).toEqual([]);
  expect((await explore(member)).map((item) => [item.photoId, item.match.answer])).toEqual([[photoId, 'suggested']]);
  expect((await takeBack()).statusCode).toBe(204);
  // Said anew it counts anew.
  await send('PUT', `/v1/photos/${photoId}/match`, member, { answer: 'rejected' });
  await recognise(photoId, [{ photoId, memberId, distance: 0.1 }]);
  expect(await explore(member)).toEqual([]);
});

test('of what a member rejected, only that is offered which the cart takes', async () => {
  const member = await signUp();
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  for (const [event, reason] of [
    [{}, 'PHOTO_NOT_FOUND'],
    [{ eventId }, null],
  ] as const) {
    const photoId = await publish({ creatorId: creator.accountId, ...event });
    await recognise(photoId, [{ photoId, memberId: member.accountId, distance: 0.3 }]);
    await send('PUT', `/v1/photos/${photoId}/match`, member, { answer: 'rejected' });
    const { items } = (await get('/v1/explore/rejected', member)).json();
    const item = items.find((one: Item) => one.photoId === photoId);
    expect(item).toMatchObject({ buyable: reason === null, notBuyableReason: reason });
    const refused = await send('PUT', `/v1/cart/${photoId}`, member);
    expect(refused.statusCode === 204 ? null : refused.json().code).toBe(reason);
  }
});

test('a rejected question that is taken back is asked again, and one that was confirmed too', async () => {
  const member = await signUp();
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId: member.accountId, isUnsure: true }]);
  for (const answer of ['rejected', 'confirmed']) {
    await send('PUT', `/v1/photos/${photoId}/match`, member, { answer });
    expect((await get('/v1/explore/questions', member)).json().items).toEqual([]);
    expect((await send('DELETE', `/v1/photos/${photoId}/match`, member)).statusCode).toBe(204);
    expect((await get('/v1/explore/questions', member)).json().items).toMatchObject([{ photoId }]);
    expect(await explore(member)).toEqual([]);
  }
});

test('a rejection whose selfie was removed leaves nothing to show when it is taken back', async () => {
  const member = await signUp();
  const { accountId: memberId } = member;
  const facecamId = randomUUID();
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId, facecamId }]);
  await send('PUT', `/v1/photos/${photoId}/match`, member, { answer: 'rejected' });
  await matches.forgetFacecam({ memberId, facecamId });
  expect((await send('DELETE', `/v1/photos/${photoId}/match`, member)).statusCode).toBe(204);
  expect(await explore(member)).toEqual([]);
  expect((await get('/v1/explore/rejected', member)).json().items).toEqual([]);
  // Another selfie of theirs that finds the photo tells it anew.
  await matches.recordMatches({ matches: [matchOf({ photoId, memberId })] });
  expect((await explore(member)).map((item) => item.photoId)).toEqual([photoId]);
});

test('a withdrawal ends what could be taken back', async () => {
  const member = await signUp({ consent: true });
  const { accountId: memberId } = member;
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId }]);
  await send('PUT', `/v1/photos/${photoId}/match`, member, { answer: 'rejected' });
  await send('DELETE', '/v1/me/consent', member);
  await waitFor(async () => (await get('/v1/explore/rejected', member)).json().items.length === 0, {
    what: 'the erasure of the match',
  });
  expect((await send('DELETE', `/v1/photos/${photoId}/match`, member)).json()).toMatchObject({
    code: 'PHOTO_NOT_FOUND',
  });
  expect(await explore(member)).toEqual([]);
});
