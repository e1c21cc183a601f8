import { randomUUID } from 'node:crypto';
import { query } from '@kilas/testkit/query.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, publish, recognise, createEvent, get, send, signUp } = await startCatalogue();
afterAll(() => system.close());
const creator = await signUp({ creator: true, displayName: 'Lensa' });
const creatorId = creator.accountId;
const member = await signUp();
const stranger = await signUp();

const pageOf = async (eventId: string, viewer?: typeof member, share = '') => {
  const { status, json } = await get(`/v1/events/${eventId}${share === '' ? '' : `?share=${share}`}`, viewer);
  return { status, ...json() };
};
/** Which photo it is, whatever the link is signed with. */
const pathOf = (url: string | null) => (url === null ? null : new URL(url).pathname);
const previewOf = async (photoId: string) => pathOf((await get(`/v1/photos/${photoId}`, creator)).json().previewUrl);

test('who holds the link of an event of matches sees its page, and none of its photos before they are found in one', async () => {
  const { eventId, shareToken } = await createEvent(creator, { place: 'Monas' });
  const photoId = await publish({ creatorId, eventId });
  await query(system.databaseUrls.photo, 'update events set cover_photo_id = $1 where event_id = $2', [
    photoId,
    eventId,
  ]);
  for (const share of ['', 'wrong', shareToken.slice(1)]) {
    for (const viewer of [undefined, stranger])
      expect(await pageOf(eventId, viewer, share)).toMatchObject({ status: 404, code: 'EVENT_NOT_FOUND' });
  }
  for (const viewer of [undefined, stranger, member]) {
    const page = await pageOf(eventId, viewer, shareToken);
    expect(page).toMatchObject({ status: 200, access: 'page', photoCount: null, coverUrl: null, coverSmallUrl: null });
    expect(page).toMatchObject({ name: 'City Run', place: 'Monas', creators: [{ creatorId, displayName: 'Lensa' }] });
    expect(page).not.toHaveProperty('shareToken');
    for (const list of ['photos'])
      expect((await get(`/v1/events/${eventId}/${list}?share=${shareToken}`, viewer)).status).toBe(404);
    expect((await get(`/v1/photos/${photoId}?share=${shareToken}`, viewer)).status).toBe(404);
  }
  await recognise(photoId, [{ photoId, memberId: member.accountId }]);
  for (const share of ['', shareToken]) {
    const page = await pageOf(eventId, member, share);
    expect(page).toMatchObject({ access: 'photos', photoCount: 1 });
    expect(pathOf(page.coverUrl)).toBe(await previewOf(photoId));
  }
});

test('an event counts the photos that its viewer may browse', async () => {
  const other = await signUp({ creator: true });
  const { eventId } = await createEvent(creator);
  await send('POST', `/v1/events/${eventId}/creators`, creator, { creatorId: other.accountId });
  await send('POST', `/v1/creator/invitations/${eventId}/accept`, other);
  const [found, own] = [
    await publish({ creatorId, eventId }),
    await publish({ creatorId: other.accountId, eventId }),
    await publish({ creatorId, eventId }),
  ];
  const counts = async () =>
    Promise.all([creator, other, member].map(async (viewer) => (await pageOf(eventId, viewer)).photoCount));
  await recognise(found, [{ photoId: found, memberId: member.accountId }]);
  await send('PUT', `/v1/favourites/${found}`, member);
  await send('PUT', `/v1/wishlist/${found}`, member);
  expect(await counts()).toEqual([2, 1, 1]);
  await recognise(found, [
    { photoId: found, memberId: member.accountId },
    { photoId: found, memberId: other.accountId },
  ]);
  expect(await counts()).toEqual([2, 2, 1]);
  await send('PATCH', `/v1/photos/${own}`, other, { hidden: true });
  expect(await counts()).toEqual([2, 1, 1]);
  const { creators } = await pageOf(eventId, member);
  expect(creators.map((named: { creatorId: string }) => named.creatorId)).toEqual([creatorId, other.accountId]);
});

test('the cover is what the owner chose, as long as it is of the event and on sale, else the first photo taken', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  const empty = { coverUrl: null, coverSmallUrl: null, photoCount: 0, access: 'photos' };
  expect(await pageOf(eventId, stranger)).toMatchObject(empty);
  const at = (time: string) => publish({ creatorId, eventId, capturedLocal: `2026-05-01T${time}` });
  const [second, first, third] = [await at('08:00:00'), await at('07:00:00'), await at('09:00:00')];
  const cover = async () => {
    const page = await pageOf(eventId, stranger);
    expect(pathOf(page.coverUrl)).not.toBe(pathOf(page.coverSmallUrl));
    return pathOf(page.coverUrl);
  };
  expect(await cover()).toBe(await previewOf(first));
  const choose = (photoId: string) =>
    query(system.databaseUrls.photo, 'update events set cover_photo_id = $1 where event_id = $2', [photoId, eventId]);
  await choose(third);
  expect(await cover()).toBe(await previewOf(third));
  await send('PATCH', `/v1/photos/${third}`, creator, { hidden: true });
  expect(await cover()).toBe(await previewOf(first));
  await choose(second);
  await send('PATCH', `/v1/photos/${second}`, creator, { eventId: null });
  expect(await cover()).toBe(await previewOf(first));
  await choose(randomUUID());
  expect(await cover()).toBe(await previewOf(first));
});

test('in an event of matches nobody sees a face on its cover that they may not see otherwise', async () => {
  const { eventId } = await createEvent(creator);
  const [chosen, found] = [await publish({ creatorId, eventId }), await publish({ creatorId, eventId })];
  await query(system.databaseUrls.photo, 'update events set cover_photo_id = $1 where event_id = $2', [
    chosen,
    eventId,
  ]);
  await recognise(found, [{ photoId: found, memberId: member.accountId }]);
  expect(pathOf((await pageOf(eventId, member)).coverUrl)).toBe(await previewOf(found));
  expect(pathOf((await pageOf(eventId, creator)).coverUrl)).toBe(await previewOf(chosen));
});

test('visitors share the page of an event for seconds, by the link that they hold; who is signed in sees it as it is', async () => {
  const { eventId, shareToken } = await createEvent(creator, { visibility: 'unlisted' });
  const counts = async () =>
    Promise.all([undefined, stranger].map(async (viewer) => (await pageOf(eventId, viewer, shareToken)).photoCount));
  expect(await counts()).toEqual([0, 0]);
  await publish({ creatorId, eventId });
  expect(await counts()).toEqual([0, 1]);
  for (const share of ['', 'wrong']) expect((await pageOf(eventId, undefined, share)).status).toBe(404);
  await waitFor(async () => (await counts())[0] === 1, { what: 'visitors to see the photo' });
});

test('an event names twenty of its creators, the owner first', async () => {
  const { eventId } = await createEvent(creator);
  await query(
    system.databaseUrls.photo,
    `insert into event_creators (event_id, creator_id)
      select $1, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid from generate_series(1, 30) n`,
    [eventId],
  );
  const { creators } = await pageOf(eventId, creator);
  expect(creators).toHaveLength(20);
  expect(creators[0]).toEqual({ creatorId, displayName: 'Lensa' });
  expect(creators[1].displayName).toBeNull();
});

test('what creators have in each state is counted as the photos stand, whatever changes them and at the same time', async () => {
  const { eventId } = await createEvent(creator);
  const other = (await createEvent(creator)).eventId;
  const photoIds = await Promise.all(Array.from({ length: 12 }, () => publish({ creatorId, eventId })));
  const [one = '', two = '', three = '', four = ''] = photoIds;
  const url = system.databaseUrls.photo;
  await Promise.all([
    send('PATCH', `/v1/photos/${one}`, creator, { hidden: true, eventId: other }),
    send('POST', '/v1/creator/photos/move', creator, { photoIds: photoIds.slice(2, 8), eventId: other }),
    send('PATCH', `/v1/photos/${two}`, creator, { eventId: null }),
    query(url, `update photos set status = 'removed' where photo_id = $1`, [photoIds[11]]),
    query(url, 'insert into bought_photos (buyer_id, photo_id) values ($1, $3), ($2, $3), ($1, $4)', [
      member.accountId,
      stranger.accountId,
      three,
      four,
    ]),
  ]);
  await query(url, 'delete from bought_photos where photo_id = $1', [four]);
  const kept = `select gallery_id, state, photo_count::int from photos_by_state where creator_id = $1 and photo_count <> 0`;
  const counted = `select coalesce(event_id, creator_id) as gallery_id, state, count(*)::int as photo_count
    from photos, unnest(array[case when status = 'on_sale' and is_hidden then 'hidden' else status end,
      case when exists (select from bought_photos b where b.photo_id = photos.photo_id) then 'sold' end]) as state
    where creator_id = $1 and state is not null group by 1, 2`;
  const sorted = (text: string) => query(url, `${text} order by gallery_id, state`, [creatorId]);
  const expected = await sorted(counted);
  expect(await sorted(kept)).toEqual(expected);
  expect(expected.map(({ state }) => state)).toEqual(expect.arrayContaining(['on_sale', 'hidden', 'removed', 'sold']));
  const [sold] = await query(url, 'select sold_count from photos where photo_id = $1', [three]);
  expect(sold).toEqual({ sold_count: 2 });
});
