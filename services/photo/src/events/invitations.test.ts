import { randomUUID } from 'node:crypto';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, publish, register, createEvent, get, send, signUp } = await startCatalogue();
const database = new pg.Client({ connectionString: system.databaseUrls.photo });
await database.connect();
afterAll(async () => {
  await database.end();
  await system.close();
});
const owner = await signUp({ creator: true });

const invite = (eventId: string, creator: Member, by = owner) =>
  send('POST', `/v1/events/${eventId}/creators`, by, { creatorId: creator.accountId });
const answer = (verb: 'accept' | 'decline', eventId: string, by: Member) =>
  send('POST', `/v1/creator/invitations/${eventId}/${verb}`, by);
const take = (eventId: string, creator: Member, by: Member) =>
  send('DELETE', `/v1/events/${eventId}/creators/${creator.accountId}`, by);

async function idsIn(url: string, viewer: Member): Promise<string[]> {
  return (await get(url, viewer)).json().items.map((item: { eventId: string }) => item.eventId);
}
const creatorsOf = async (eventId: string, viewer = owner) =>
  Object.fromEntries(
    (await get(`/v1/events/${eventId}/creators`, viewer))
      .json()
      .items.map(({ creatorId, state }: { creatorId: string; state: string }) => [creatorId, state]),
  );

/** What the viewer was told of an event, oldest first. */
const toldOf = async (eventId: string, viewer: Member): Promise<string[]> => {
  const { items } = (await get('/v1/me/notifications?limit=100', viewer)).json();
  return items
    .filter(
      (item: { kind: string; data: { eventId?: string } }) =>
        item.kind === 'event_creator' && item.data.eventId === eventId,
    )
    .map((item: { data: { change: string } }) => item.data.change)
    .toReversed();
};
const told = (eventId: string, viewer: Member, wanted: string[]) =>
  waitFor(async () => JSON.stringify(await toldOf(eventId, viewer)) === JSON.stringify(wanted), {
    what: `the notices ${wanted}`,
    timeoutMs: 15_000,
  });

test('a creator comes into no event before they accept, and is told that they are invited', async () => {
  const creator = await signUp({ creator: true });
  const { eventId, shareToken } = await createEvent(owner);
  for (let count = 0; count < 2; count++) expect((await invite(eventId, creator)).statusCode).toBe(204);
  expect(await idsIn('/v1/events', creator)).not.toContain(eventId);
  expect((await get(`/v1/events/${eventId}`, creator)).status).toBe(404);
  expect((await get(`/v1/events/${eventId}/creators`, creator)).status).toBe(404);
  await expect(register({ creatorId: creator.accountId, eventId })).rejects.toThrow();
  await told(eventId, creator, ['invited']);
  const { items } = (await get('/v1/creator/invitations', creator)).json();
  expect(items).toMatchObject([{ eventId, name: 'City Run', owner: { creatorId: owner.accountId } }]);
  expect(JSON.stringify(items)).not.toContain(shareToken);
  expect(await creatorsOf(eventId)).toEqual({ [owner.accountId]: 'takes_part', [creator.accountId]: 'invited' });

  for (let count = 0; count < 2; count++) expect((await answer('accept', eventId, creator)).statusCode).toBe(204);
  expect(await idsIn('/v1/creator/invitations', creator)).toEqual([]);
  expect(await idsIn('/v1/events', creator)).toContain(eventId);
  await register({ creatorId: creator.accountId, eventId });
  expect(await creatorsOf(eventId, creator)).toEqual({
    [owner.accountId]: 'takes_part',
    [creator.accountId]: 'takes_part',
  });
  await told(eventId, owner, ['accepted']);
  expect((await invite(eventId, creator)).statusCode).toBe(204);
  expect(await creatorsOf(eventId)).toEqual(await creatorsOf(eventId, creator));
});

test('a creator who declined is not asked again for the event, and may still accept', async () => {
  const creator = await signUp({ creator: true });
  const { eventId } = await createEvent(owner);
  await invite(eventId, creator);
  for (let count = 0; count < 2; count++) expect((await answer('decline', eventId, creator)).statusCode).toBe(204);
  await told(eventId, owner, ['declined']);
  expect(await idsIn('/v1/creator/invitations', creator)).toEqual([]);
  expect((await invite(eventId, creator)).json()).toMatchObject({ status: 422, code: 'EVENT_INVITATION_DECLINED' });
  // Nor by taking it back and asking anew.
  expect((await take(eventId, creator, owner)).statusCode).toBe(204);
  expect((await invite(eventId, creator)).json().code).toBe('EVENT_INVITATION_DECLINED');
  expect(await creatorsOf(eventId)).toMatchObject({ [creator.accountId]: 'declined' });
  expect((await answer('accept', eventId, creator)).statusCode).toBe(204);
  expect(await creatorsOf(eventId)).toMatchObject({ [creator.accountId]: 'takes_part' });
  expect(await toldOf(eventId, creator)).toEqual(['invited']);
});

test('an invitation that the owner took back cannot be accepted', async () => {
  const creator = await signUp({ creator: true });
  const { eventId } = await createEvent(owner);
  await invite(eventId, creator);
  for (let count = 0; count < 2; count++) expect((await take(eventId, creator, owner)).statusCode).toBe(204);
  expect(await idsIn('/v1/creator/invitations', creator)).toEqual([]);
  for (const verb of ['accept', 'decline'] as const) {
    expect((await answer(verb, eventId, creator)).json()).toMatchObject({
      status: 404,
      code: 'EVENT_INVITATION_NOT_FOUND',
    });
  }
  expect(await creatorsOf(eventId)).toEqual({ [owner.accountId]: 'takes_part' });
});

test('a creator who leaves keeps their photos, which stay in the event, and puts no more into it', async () => {
  const creator = await signUp({ creator: true });
  const { eventId } = await createEvent(owner, { visibility: 'public' });
  await invite(eventId, creator);
  await answer('accept', eventId, creator);
  const photoId = await publish({ creatorId: creator.accountId, eventId });
  const outside = await publish({ creatorId: creator.accountId });
  expect((await take(eventId, creator, creator)).statusCode).toBe(204);
  await told(eventId, owner, ['accepted', 'left']);
  expect(await idsIn('/v1/events', creator)).toContain(eventId);
  expect((await get(`/v1/events/${eventId}`, creator)).json()).toMatchObject({ isOwn: false });
  const shown = (await get(`/v1/events/${eventId}/photos`, owner)).json().items;
  expect(shown.map((item: { photoId: string }) => item.photoId)).toEqual([photoId]);
  await expect(register({ creatorId: creator.accountId, eventId })).rejects.toThrow();
  const move = (photoIds: string[], into: string | null) =>
    send('POST', '/v1/creator/photos/move', creator, { photoIds, eventId: into });
  expect((await move([outside], eventId)).json().code).toBe('EVENT_NOT_FOUND');
  expect((await send('PATCH', `/v1/photos/${photoId}`, creator, { priceIdr: 7 })).statusCode).toBe(204);
  expect((await move([photoId], null)).statusCode).toBe(200);
  expect((await get(`/v1/events/${eventId}/photos`, owner)).json().items).toEqual([]);
  // They may be asked again.
  expect((await invite(eventId, creator)).statusCode).toBe(204);
});

test('the owner takes a creator out, who is told; the owner stays, and nobody else takes anybody out', async () => {
  const [creator, other] = [await signUp({ creator: true }), await signUp({ creator: true })];
  const { eventId } = await createEvent(owner);
  for (const each of [creator, other]) {
    await invite(eventId, each);
    await answer('accept', eventId, each);
  }
  expect((await take(eventId, other, creator)).json()).toMatchObject({ status: 404, code: 'EVENT_NOT_FOUND' });
  expect((await take(eventId, owner, creator)).json()).toMatchObject({ status: 404, code: 'EVENT_NOT_FOUND' });
  expect((await take(eventId, owner, owner)).json()).toMatchObject({ status: 422, code: 'EVENT_OWNER_STAYS' });
  expect((await invite(eventId, await signUp({ creator: true }), creator)).json().code).toBe('EVENT_NOT_FOUND');
  for (let count = 0; count < 2; count++) expect((await take(eventId, creator, owner)).statusCode).toBe(204);
  await told(eventId, creator, ['invited', 'removed']);
  expect(await creatorsOf(eventId)).toEqual({ [owner.accountId]: 'takes_part', [other.accountId]: 'takes_part' });
  // Whether an event is there is not told to who has nothing to do with it.
  for (const id of [eventId, randomUUID()]) {
    expect((await take(id, creator, creator)).json().code).toBe('EVENT_INVITATION_NOT_FOUND');
  }
});

test('who takes part is told to creators of the event, and who is invited to its owner alone', async () => {
  const [creator, invited, stranger] = [
    await signUp({ creator: true }),
    await signUp({ creator: true }),
    await signUp(),
  ];
  const { eventId } = await createEvent(owner, { visibility: 'public' });
  await invite(eventId, creator);
  await answer('accept', eventId, creator);
  await invite(eventId, invited);
  expect(Object.keys(await creatorsOf(eventId)).sort()).toEqual(
    [owner.accountId, creator.accountId, invited.accountId].sort(),
  );
  expect(Object.keys(await creatorsOf(eventId, creator)).sort()).toEqual([owner.accountId, creator.accountId].sort());
  expect((await get(`/v1/events/${eventId}/creators`, invited)).status).toBe(404);
  expect((await get(`/v1/events/${eventId}/creators`, stranger)).status).toBe(403);
});

test('an acceptance and a withdrawal at once leave the creator out, whichever is first', async () => {
  for (let round = 0; round < 5; round++) {
    const creator = await signUp({ creator: true });
    const { eventId } = await createEvent(owner);
    await invite(eventId, creator);
    const [accepted, withdrawn] = await Promise.all([
      answer('accept', eventId, creator),
      take(eventId, creator, owner),
    ]);
    expect(withdrawn.statusCode).toBe(204);
    expect([204, 404]).toContain(accepted.statusCode);
    // The owner's word was the last one, or nothing was left to accept.
    expect(await creatorsOf(eventId)).toEqual({ [owner.accountId]: 'takes_part' });
  }
});

test('an owner cannot call a creator by invitations that they take back again and again', async () => {
  const creator = await signUp({ creator: true });
  const { eventId } = await createEvent(owner);
  for (let count = 0; count < 10; count++) {
    expect((await invite(eventId, creator)).statusCode).toBe(204);
    await take(eventId, creator, owner);
  }
  const { eventId: another } = await createEvent(owner);
  for (const id of [eventId, another]) {
    const refused = await send('POST', `/v1/events/${id}/creators`, owner, {
      creatorId: creator.accountId.toUpperCase(),
    });
    expect(refused.json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
  }
  const fellow = await signUp({ creator: true });
  const { eventId: theirs } = await createEvent(fellow);
  expect((await invite(theirs, creator, fellow)).statusCode).toBe(204);
});

test('invitations come in pages, the newest first, also those of one instant', async () => {
  const creator = await signUp({ creator: true });
  const ids: string[] = [];
  for (let count = 0; count < 5; count++) {
    const { eventId } = await createEvent(owner);
    await invite(eventId, creator);
    ids.push(eventId);
  }
  await database.query(`update event_invitations set invited_at = '2026-05-01' where creator_id = $1`, [
    creator.accountId,
  ]);
  const listed: string[] = [];
  for (let cursor = ''; listed.length < 10; ) {
    const page = (await get(`/v1/creator/invitations?limit=2${cursor}`, creator)).json();
    listed.push(...page.items.map(({ eventId }: { eventId: string }) => eventId));
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  expect(listed).toEqual(ids.toSorted().toReversed());
});

test('creators who were in an event before invitations stay in it', async () => {
  const creator = await signUp({ creator: true });
  const { eventId } = await createEvent(owner);
  await database.query('insert into event_creators (event_id, creator_id) values ($1, $2)', [
    eventId,
    creator.accountId,
  ]);
  await register({ creatorId: creator.accountId, eventId });
  expect((await answer('accept', eventId, creator)).statusCode).toBe(204);
  expect(await creatorsOf(eventId)).toMatchObject({ [creator.accountId]: 'takes_part' });
});
