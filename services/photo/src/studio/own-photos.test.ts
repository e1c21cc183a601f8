import { randomUUID } from 'node:crypto';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { query } from '@kilas/testkit/query.ts';
import { afterAll, expect, test } from 'vitest';
import { type PhotoOptions, startCatalogue } from '../testing/start-catalogue.ts';

const clock = drivenClock();
const { system, photos, createEvent, get, send, signUp, ...catalogue } = await startCatalogue({ clock });
afterAll(() => system.close());
const creator = await signUp({ creator: true });
const rival = await signUp({ creator: true });
const creatorId = creator.accountId;
const { eventId } = await createEvent(creator);
const other = (await createEvent(creator, { startsAt: '2026-04-01T00:00:00Z' })).eventId;

/** Each is sent a second after the one before. */
const register = (photo: PhotoOptions) => {
  clock.advance(1);
  return catalogue.register(photo);
};
const publish = (photo: PhotoOptions) => {
  clock.advance(1);
  return catalogue.publish(photo);
};

/** One photo of each state in the event, and one on sale in no event. */
const raw = await register({ creatorId, eventId });
const onSale = await publish({ creatorId, eventId });
const hidden = await publish({ creatorId, eventId });
const failed = await register({ creatorId, eventId });
const removed = await publish({ creatorId, eventId });
const apart = await publish({ creatorId });
await publish({ creatorId: rival.accountId });
await send('PATCH', `/v1/photos/${hidden}`, creator, { hidden: true });
await photos.failPhoto({ photoId: failed, reason: 'IMAGE_BROKEN' });
const ask = (text: string, values: unknown[]) => query(system.databaseUrls.photo, text, values);
await ask(`update photos set status = 'removed' where photo_id = $1`, [removed]);
const buyers = [randomUUID(), randomUUID()];
for (const buyer of buyers)
  await ask('insert into bought_photos (buyer_id, photo_id) values ($1, $2), ($1, $3)', [buyer, hidden, apart]);
const newestFirst = [apart, removed, failed, hidden, onSale, raw];

const idsAt = async (path: string): Promise<string[]> => {
  const body = (await get(path, creator)).json();
  return body.photoIds ?? body.items.map(({ photoId }: { photoId: string }) => photoId);
};
/** By the segments of the timeline. */
const idsOfTimeline = async (filter: string): Promise<string[]> => {
  const { total, segments } = (await get(`/v1/creator/timeline?${filter}`, creator)).json();
  const pages: string[] = [];
  for (const { segment } of segments) pages.push(...(await idsAt(`/v1/creator/columns?${filter}&segment=${segment}`)));
  expect(pages).toHaveLength(total);
  return pages;
};

test.each([
  ['', newestFirst],
  [`eventId=${eventId}`, newestFirst.slice(1)],
  [`eventId=${other}`, []],
  ['eventId=none', [apart]],
  ['state=raw', [raw]],
  ['state=on_sale', [apart, onSale]],
  [`state=on_sale&eventId=${eventId}`, [onSale]],
  ['state=on_sale&eventId=none', [apart]],
  ['state=hidden', [hidden]],
  ['state=failed', [failed]],
  ['state=removed', [removed]],
  ['state=sold', [apart, hidden]],
  [`state=sold&eventId=${eventId}`, [hidden]],
  ['state=sold&eventId=none', [apart]],
])(
  'my photos with "%s" are the same in the list, the columns and the timeline, newest upload first',
  async (filter, expected) => {
    expect(await idsAt(`/v1/creator/photos?${filter}`)).toEqual(expected);
    expect(await idsAt(`/v1/creator/columns?${filter}`)).toEqual(expected);
    expect(await idsOfTimeline(filter)).toEqual(expected);
    const paged: string[] = [];
    for (let cursor = ''; paged.length <= expected.length; ) {
      const page = (await get(`/v1/creator/photos?${filter}&limit=1${cursor}`, creator)).json();
      paged.push(...page.items.map(({ photoId }: { photoId: string }) => photoId));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(paged).toEqual(expected);
  },
);

test('the columns of my photos say the state of each, and how many bought it', async () => {
  const body = (await get('/v1/creator/columns', creator)).json();
  expect(body.states).toEqual(['on_sale', 'removed', 'failed', 'hidden', 'on_sale', 'raw']);
  expect(body.soldCounts).toEqual([2, 0, 0, 2, 0, 0]);
  expect(body.ratios).toEqual([1.333, 1.333, 1, 1.333, 1.333, 1]);
  expect(body.links.thumbnailUrls.map((url: string | null) => url === null)).toEqual([
    false,
    false,
    true,
    false,
    false,
    true,
  ]);
});

test('one of my photos is answered in any state, and nobody else is given it', async () => {
  for (const photoId of newestFirst) {
    const reply = await get(`/v1/creator/photos/${photoId}`, creator);
    expect(reply.json()).toMatchObject({ photoId, soldCount: [hidden, apart].includes(photoId) ? 2 : 0 });
    expect((await get(`/v1/creator/photos/${photoId}`, rival)).json().code).toBe('PHOTO_NOT_FOUND');
  }
  expect((await get(`/v1/creator/photos/${randomUUID()}`, creator)).status).toBe(404);
  const member = await signUp();
  for (const path of [`photos/${apart}`, 'photos', 'counts', 'timeline', 'columns', 'events'])
    expect((await get(`/v1/creator/${path}`, member)).json().code).toBe('CREATOR_REQUIRED');
});

test('my photos are counted by state, in all and in each event', async () => {
  const inEvent = { raw: 1, onSale: 1, hidden: 1, failed: 1, removed: 1, sold: 1 };
  const all = { ...inEvent, onSale: 2, sold: 2, withoutEvent: 1 };
  expect((await get('/v1/creator/counts', creator)).json()).toEqual(all);
  const { items } = (await get('/v1/creator/events', creator)).json();
  const none = { raw: 0, onSale: 0, hidden: 0, failed: 0, removed: 0, sold: 0 };
  expect(items.map((item: { eventId: string; counts: object }) => [item.eventId, item.counts])).toEqual([
    [eventId, inEvent],
    [other, none],
  ]);
  expect(items[0]).toMatchObject({ access: 'photos', photoCount: 1, isOwn: true, name: 'City Run' });
});

test('my events are those in which I take part, and each is counted for me alone', async () => {
  const joined = await signUp({ creator: true });
  await send('POST', `/v1/events/${eventId}/creators`, creator, { creatorId: joined.accountId });
  expect((await get('/v1/creator/events', joined)).json().items).toEqual([]);
  await send('POST', `/v1/creator/invitations/${eventId}/accept`, joined);
  await publish({ creatorId: joined.accountId, eventId });
  const { items } = (await get('/v1/creator/events', joined)).json();
  expect(items).toMatchObject([{ eventId, photoCount: 1, counts: { onSale: 1, raw: 0, sold: 0 } }]);
  const first = (await get('/v1/creator/events?limit=1', creator)).json();
  const second = (await get(`/v1/creator/events?limit=1&cursor=${first.nextCursor}`, creator)).json();
  expect([first, second].map((page) => page.items[0].eventId)).toEqual([eventId, other]);
  expect(second.nextCursor).toBeNull();
});

test.each(['state=sold_out', 'eventId=mine', 'segment=x'])('a filter that is none (%s) is refused', async (filter) => {
  expect((await get(`/v1/creator/columns?${filter}`, creator)).json()).toMatchObject({
    status: 400,
    code: 'REQUEST_INVALID',
  });
});
