import { query } from '@kilas/testkit/query.ts';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, publish, recognise, createEvent, get, send, signUp } = await startCatalogue();
afterAll(() => system.close());
const creator = await signUp({ creator: true });
const creatorId = creator.accountId;

const eventsOf = async (member: typeof creator) => (await get('/v1/explore/events', member)).json().items;
const countsOf = async (member: typeof creator) => (await get('/v1/explore/counts', member)).json();
const on = (day: number) => ({ startsAt: `2026-05-0${day}T00:00:00Z`, endsAt: `2026-05-0${day}T06:00:00Z` });

test('a member is listed the events in which they are shown as found, those that start last first, with how many photos', async () => {
  const member = await signUp();
  const [first, second, third, chance, ours] = await Promise.all([
    createEvent(creator, { ...on(1), name: 'First' }),
    createEvent(creator, { ...on(3), name: 'Second', visibility: 'public' }),
    createEvent(creator, { ...on(2), name: 'Third' }),
    createEvent(creator, on(4)),
    createEvent(creator, { ...on(5), visibility: 'public' }),
  ]);
  const found = async (eventId: string, match: object = {}) => {
    const photoId = await publish({ creatorId, eventId });
    await recognise(photoId, [{ photoId, memberId: member.accountId, ...match }]);
    return photoId;
  };
  const [hidden, rejected] = [await found(first.eventId), await found(first.eventId), await found(first.eventId)];
  await found(second.eventId);
  const gone = await found(third.eventId);
  await found(chance.eventId, { level: 1, falseMatchRate: 1 });
  await found(chance.eventId, { isUnsure: true });
  await publish({ creatorId, eventId: ours.eventId });
  await send('PATCH', `/v1/photos/${hidden}`, creator, { hidden: true });
  await send('PUT', `/v1/photos/${rejected}/match`, member, { answer: 'rejected' });
  await query(system.databaseUrls.photo, `update photos set status = 'removed' where photo_id = $1`, [gone]);
  const items = await eventsOf(member);
  expect(items.map(({ name, matchCount }: { name: string; matchCount: number }) => [name, matchCount])).toEqual([
    ['Second', 1],
    ['First', 2],
  ]);
  for (const item of items) {
    const explored = (await get(`/v1/explore?eventId=${item.eventId}`, member)).json().items;
    expect(explored).toHaveLength(item.matchCount);
    const { coverUrl, coverSmallUrl } = (await get(`/v1/events/${item.eventId}`, member)).json();
    expect(item).toMatchObject({ coverUrl, coverSmallUrl });
    expect(coverUrl).toMatch(/^http/);
  }
  const pages: string[] = [];
  for (let cursor = ''; pages.length < 9; ) {
    const page = (await get(`/v1/explore/events?limit=1${cursor}`, member)).json();
    pages.push(...page.items.map(({ name }: { name: string }) => name));
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  expect(pages).toEqual(['Second', 'First']);
  expect(await eventsOf(await signUp())).toEqual([]);
});

test('badges count what the lists hold', async () => {
  const member = await signUp();
  expect(await countsOf(member)).toEqual({ matches: 0, questions: 0, cart: 0, wishlist: 0, favourites: 0 });
  const found = async (match: object = {}) => {
    const photoId = await publish({ creatorId });
    await recognise(photoId, [{ photoId, memberId: member.accountId, ...match }]);
    return photoId;
  };
  const [one, two] = [await found(), await found(), await found()];
  await found({ isUnsure: true });
  await send('PUT', `/v1/cart/${one}`, member);
  for (const photoId of [one, two]) await send('PUT', `/v1/wishlist/${photoId}`, member);
  const counts = { matches: 3, questions: 1, cart: 1, wishlist: 2, favourites: 0 };
  expect(await countsOf(member)).toEqual(counts);
  await send('PUT', `/v1/photos/${one}/match`, member, { answer: 'rejected' });
  const { matches, questions } = await countsOf(member);
  const lengths = ['/v1/explore', '/v1/explore/questions'].map(
    async (url) => (await get(url, member)).json().items.length,
  );
  expect([matches, questions]).toEqual(await Promise.all(lengths));
  expect((await get('/v1/explore/counts')).status).toBe(401);
});

test('no badge and no event counts further than 999', async () => {
  const member = await signUp();
  const { eventId } = await createEvent(creator);
  await query(
    system.databaseUrls.photo,
    `with added as (
      insert into photos (photo_id, creator_id, event_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
          status, preview_key, thumbnail_key, captured_at, uploaded_at)
        select gen_random_uuid(), $1, $2, '', '', 1, 'shared', 'a', 1, 'jpeg', 'k', 'on_sale', 'p', 't', now(), now()
        from generate_series(1, 1001) returning photo_id
    )
    insert into matches (photo_id, member_id, facecam_id, consent_epoch, distance, level, false_match_rate, box_left, box_top,
        box_width, box_height, found_at)
      select photo_id, $3, gen_random_uuid(), 1, 0.4, 9, 1e-9, 0.1, 0.1, 0.2, 0.2, now() from added`,
    [creatorId, eventId, member.accountId],
  );
  expect(await countsOf(member)).toMatchObject({ matches: 999 });
  expect(await eventsOf(member)).toMatchObject([{ eventId, matchCount: 999 }]);
});
